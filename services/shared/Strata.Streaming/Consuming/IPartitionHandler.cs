using Strata.Streaming.Records;

namespace Strata.Streaming.Consuming;

/// <summary>
/// Handles the records of one partition number, in order and one batch at a time. One instance lives from assignment to revocation, or
/// until it throws: then it is thrown away with everything it had not committed, and a new one starts from the committed position. After
/// too many failures in a row without progress the host stops. A record ends done, dead-lettered, or read again; it is never dropped.
/// </summary>
public interface IPartitionHandler : IAsyncDisposable
{
    /// <summary>
    /// Called once, before the first batch. Loads what the handler needs and returns, by topic, the next offset that its state has
    /// absorbed, where it knows one: consumption goes on from the smaller of that and the group's committed offset. An empty answer leaves
    /// it to the group.
    /// </summary>
    ValueTask<IReadOnlyDictionary<string, long>> StartAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Handles a batch. What it sends waits in <paramref name="output"/> until it calls <see cref="PartitionOutput.Commit"/>: then all that
    /// was sent so far and the position are committed together, in a Kafka transaction when something was sent, while the next batch is
    /// already handled.
    /// </summary>
    ValueTask HandleAsync(IReadOnlyList<StreamRecord> batch, PartitionOutput output, CancellationToken cancellationToken);

    /// <summary>
    /// Called between batches when nothing has arrived for the consumer's idle time, and again each idle time while that lasts; never while
    /// a batch is handled. For work that is due by the clock, such as sending an epoch that was begun and not filled. Does nothing unless
    /// the handler says otherwise.
    /// </summary>
    ValueTask IdleAsync(PartitionOutput output, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>The partition is about to be given up in good order: the last chance to send and commit, within the drain budget.</summary>
    ValueTask DrainAsync(PartitionOutput output, CancellationToken cancellationToken);
}
