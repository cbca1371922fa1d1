namespace Strata.Streaming;

/// <summary>Reads one partition from its beginning, outside of any consumer group: how a handler restores the state that it publishes on a compacted topic.</summary>
public interface IPartitionReader
{
    /// <summary>The records of a partition in log order (read committed), up to the end that it has at the call. Tombstones are among them.</summary>
    IAsyncEnumerable<StreamRecord> ReadToEndAsync(string topic, int partition, CancellationToken cancellationToken);
}
