using Confluent.Kafka;
using Strata.Streaming.Consuming.Partitions;

namespace Strata.Streaming.Consuming.Polling;

/// <summary>What the poll thread knows about one assigned partition number; touched by that thread only.</summary>
internal sealed class PolledPartition(int number, List<TopicPartition> partitions, PartitionRunner runner)
{
    public int Number => number;

    /// <summary>That partition of each topic.</summary>
    public List<TopicPartition> Partitions => partitions;

    public PartitionRunner Runner => runner;

    /// <summary>Where records go; null while no handler is ready.</summary>
    public PartitionPump? Pump { get; set; }

    /// <summary>A handler that is ready, and where its partition must be put first.</summary>
    public (PartitionPump Pump, List<TopicPartitionOffset> Positions)? Opening { get; set; }

    public bool Paused { get; set; }

    /// <summary>By topic, the offset after the last record that came.</summary>
    public Dictionary<string, long> Received { get; } = new(StringComparer.Ordinal);

    /// <summary>By topic, when the records came that are not committed.</summary>
    public IReadOnlyDictionary<string, ArrivalTimes> Arrivals { get; }
        = partitions.ToDictionary(partition => partition.Topic, _ => new ArrivalTimes(), StringComparer.Ordinal);

    /// <summary>
    /// By topic, the last end of the log that was reached; it lies behind the marks of transactions, which are no records.
    /// </summary>
    public Dictionary<string, long> Ends { get; } = new(StringComparer.Ordinal);

    /// <summary>The handler is another one: it gets its records anew.</summary>
    public void Restart()
    {
        Received.Clear();
        Ends.Clear();
        foreach (var arrivals in Arrivals.Values)
        {
            arrivals.Clear();
        }
    }

    /// <summary>How far the group has come: the committed position, or the end of the log when nothing was in between.</summary>
    public long Reached(string topic)
    {
        var committed = runner.Committed(topic);
        return committed >= Received.GetValueOrDefault(topic) ? Math.Max(committed, Ends.GetValueOrDefault(topic)) : committed;
    }
}
