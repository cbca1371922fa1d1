using Confluent.Kafka;
using Strata.Streaming.Records;

namespace Strata.Streaming.Consuming.Polling;

/// <summary>Tells once a second how far the group is behind. Used by the poll thread only.</summary>
internal sealed class LagGauge(ConsumerEnvironment environment)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private long _told;
    private volatile IReadOnlyDictionary<TopicPartition, long> _reached = new Dictionary<TopicPartition, long>();

    /// <summary>As it was told last, by partition that is read and not paused, the offset that was reached; -1 before it begins.</summary>
    public IReadOnlyDictionary<TopicPartition, long> Reached => _reached;

    public void Update(IConsumer<RecordKey, byte[]?> consumer, IEnumerable<PolledPartition> slots)
    {
        if (environment.Time.GetElapsedTime(_told) < Interval)
        {
            return;
        }

        _told = environment.Time.GetTimestamp();
        var reached = new Dictionary<TopicPartition, long>();
        foreach (var slot in slots.Where(slot => slot.Runner.Started))
        {
            foreach (var partition in slot.Partitions)
            {
                if (slot.Opening is not null)
                {
                    reached[partition] = -1;
                }
                else if (slot is { Paused: false, Pump: not null })
                {
                    reached[partition] = Math.Max(
                        slot.Received.GetValueOrDefault(partition.Topic), slot.Ends.GetValueOrDefault(partition.Topic));
                }

                var high = consumer.GetWatermarkOffsets(partition).High;
                if (high.Value >= 0)
                {
                    var next = slot.Reached(partition.Topic);
                    var lag = Math.Max(0, high.Value - next);
                    var age = slot.Arrivals[partition.Topic].AgeOfOldest(
                        next, slot.Received.GetValueOrDefault(partition.Topic), lag, environment.Time.GetUtcNow());
                    environment.Metrics.Lag(environment.Group, partition.Topic, slot.Number, lag, age);
                }
            }
        }

        _reached = reached;
    }

    public void Forget(PolledPartition slot)
    {
        foreach (var partition in slot.Partitions)
        {
            environment.Metrics.NoLag(environment.Group, partition.Topic, slot.Number);
        }
    }
}
