namespace Strata.Streaming.Consuming.Committing;

/// <summary>
/// When the next commit is due. Each costs the broker a mark in every partition that it touches, however little it carries: what somebody
/// waits for goes soon, what nobody waits for goes seldom, and the first after a quiet time at once.
/// </summary>
internal static class CommitPace
{
    /// <summary>How long to wait when nothing is to be committed; a wake ends it.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    /// <summary>Time left until the next commit; zero or below: now.</summary>
    /// <param name="need">The most urgent need of any partition.</param>
    /// <param name="since">Time since the start of the last commit.</param>
    /// <param name="options">Intervals.</param>
    public static TimeSpan Left(CommitNeed need, TimeSpan since, StreamConsumerOptions options) => need switch
    {
        CommitNeed.Flush => TimeSpan.Zero,
        CommitNeed.Output when options.Awaited => options.CommitInterval - since,
        CommitNeed.Output or CommitNeed.Position => options.PositionInterval - since,
        _ => Idle,
    };
}
