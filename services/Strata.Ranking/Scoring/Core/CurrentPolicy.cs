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

    /// <summary>
    /// True once the policy's topic was read to the end it had at the start: only then does none mean that there is none.
    /// </summary>
    public bool IsComplete { get; private set; }

    /// <summary>The topic has been read.</summary>
    public void Complete() => IsComplete = true;
}
