namespace Strata.Streaming.Topology;

/// <summary>What the broker says about topics.</summary>
public interface ITopics
{
    /// <summary>Number of partitions of a topic.</summary>
    ValueTask<int> PartitionsAsync(string topic, CancellationToken cancellationToken);

    /// <summary>Identity of a partition's log: a hash of cluster id, topic id and partition.</summary>
    ValueTask<ulong> LogAsync(string topic, int partition, CancellationToken cancellationToken);
}
