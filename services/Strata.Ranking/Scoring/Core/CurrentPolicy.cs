namespace Strata.Ranking.Scoring.Core;

/// <summary>The policy in force. A request reads it once.</summary>
public sealed class CurrentPolicy
{
    private RankingPolicy _current = RankingPolicy.None;

    /// <summary>What is in force; <see cref="RankingPolicy.None"/> at first.</summary>
    public RankingPolicy Current
    {
        get => Volatile.Read(ref _current);
        set => Volatile.Write(ref _current, value);
    }
}
