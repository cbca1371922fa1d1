using Strata.Streaming.Consuming;
using Strata.Streaming.Records;

namespace Strata.Clustering.Reducer;

/// <summary>
/// A partition beside the only one that deltas are sent to (a broker may make more than was asked for). What lies there was sent by
/// mistake.
/// </summary>
internal sealed class EmptyPartitionHandler : IPartitionHandler
{
    public ValueTask<IReadOnlyDictionary<string, long>> StartAsync(CancellationToken cancellationToken)
        => ValueTask.FromResult<IReadOnlyDictionary<string, long>>(new Dictionary<string, long>());

    public ValueTask HandleAsync(IReadOnlyList<StreamRecord> batch, PartitionOutput output, CancellationToken cancellationToken)
    {
        foreach (var record in batch)
        {
            output.DeadLetter(record, "layer deltas belong to partition 0");
            output.Commit(record.Topic, record.Offset + 1);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DrainAsync(PartitionOutput output, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
