using Strata.Streaming.Records;

namespace Strata.Streaming.Tables;

/// <summary>
/// Follows topics from their beginning in every process (no consumer group): how a service holds a compacted topic in memory. Calls never
/// overlap.
/// </summary>
public interface ITableHandler
{
    /// <summary>Applies records in log order of each partition (read committed). Throwing stops the host.</summary>
    ValueTask ApplyAsync(IReadOnlyList<StreamRecord> batch, CancellationToken cancellationToken);

    /// <summary>Called once, when every partition has been read to the end it had at the start.</summary>
    void CaughtUp();
}
