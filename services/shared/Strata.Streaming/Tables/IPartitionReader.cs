using Strata.Streaming.Records;

namespace Strata.Streaming.Tables;

/// <summary>
/// Reads one partition once, without a consumer group: how a handler restores state that lives in a compacted topic, or looks something up.
/// </summary>
public interface IPartitionReader
{
    /// <summary>
    /// The records of one partition in log order (read committed), from its beginning to the end it had at the call. Transactions that were
    /// open at that end are waited for: what the former owner of the partition committed last must be among the records.
    /// </summary>
    IAsyncEnumerable<StreamRecord> ReadToEndAsync(string topic, int partition, CancellationToken cancellationToken);

    /// <summary>
    /// The records of one partition in log order (read committed), from the first of <paramref name="since"/> or later on, to the end it
    /// had at the call; of a broker that tells no places by time the last ten thousand.
    /// </summary>
    IAsyncEnumerable<StreamRecord> ReadSinceAsync(string topic, int partition, DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>
    /// The records at some offsets of one partition (read committed), by offset; those that retention or compaction took are not among
    /// them.
    /// </summary>
    ValueTask<IReadOnlyDictionary<long, StreamRecord>> ReadAtAsync(
        string topic, int partition, IReadOnlyCollection<long> offsets, CancellationToken cancellationToken);
}
