using Confluent.Kafka;
using Strata.Streaming.Records;

namespace Strata.Streaming.Consuming.Polling;

/// <summary>Tells once a second how far the group is behind. Used by the poll thread only.</summary>
internal sealed class LagGauge(ConsumerEnvironment environment)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private long _told;

    public void Update(IConsumer<RecordKey, byte[]?> consumer, IEnumerable<PolledPartition> slots)
    {
        if (environment.Time.GetElapsedTime(_told) < Interval)
        {
            return;
        }

        _told = environment.Time.GetTimestamp();
        foreach (var slot in slots.Where(slot => slot.Runner.Started))
        {
            foreach (var partition in slot.Partitions)
            {
                var high = consumer.GetWatermarkOffsets(partition).High;
                if (high.Value >= 0)
                {
                    environment.Metrics.Lag(
                        environment.Group, partition.Topic, slot.Number, Math.Max(0, high.Value - slot.Reached(partition.Topic)));
                }
            }
        }
    }

    public void Forget(PolledPartition slot)
    {
        foreach (var partition in slot.Partitions)
        {
            environment.Metrics.NoLag(environment.Group, partition.Topic, slot.Number);
        }
    }
}
