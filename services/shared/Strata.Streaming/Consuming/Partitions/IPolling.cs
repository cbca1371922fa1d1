namespace Strata.Streaming.Consuming.Partitions;

/// <summary>
/// What a partition asks of the thread that polls: only that one may seek, pause and resume. <see cref="Open"/> and <see cref="Close"/> are
/// done between two of its polls.
/// </summary>
internal interface IPolling
{
    /// <summary>The next offset that the group has committed, by topic, where it has one.</summary>
    Task<IReadOnlyDictionary<string, long>> CommittedAsync(int number, CancellationToken cancellationToken);

    /// <summary>
    /// A handler has started: its partition goes on at <paramref name="positions"/> (null: the beginning) into <paramref name="pump"/>.
    /// </summary>
    void Open(int number, PartitionPump pump, IReadOnlyDictionary<string, long?> positions);

    /// <summary>The handler behind <paramref name="pump"/> is gone.</summary>
    void Close(int number, PartitionPump pump);
}
