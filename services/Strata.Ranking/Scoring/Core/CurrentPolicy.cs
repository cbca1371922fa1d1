namespace Strata.Ranking.Scoring.Core;

/// <summary>The policy in force. A request reads it once.</summary>
public sealed class CurrentPolicy
{
    private RankingPolicy _current = RankingPolicy.Shipped;

    /// <summary>What is in force; <see cref="RankingPolicy.Shipped"/> at first.</summary>
    public RankingPolicy Current
    {
        get => Volatile.Read(ref _current);
        set => Volatile.Write(ref _current, value);
    }
}
