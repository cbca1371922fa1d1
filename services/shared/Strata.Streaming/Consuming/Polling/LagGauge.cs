using Confluent.Kafka;

namespace Strata.Streaming;

/// <summary>Tells once a second how far the group is behind. Used by the poll thread only.</summary>
internal sealed class LagGauge(ConsumerScope scope)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private long _told;

    public void Update(IConsumer<RecordKey, byte[]?> consumer, IEnumerable<PartitionSlot> slots)
    {
        if (scope.Time.GetElapsedTime(_told) < Interval)
        {
            return;
        }

        _told = scope.Time.GetTimestamp();
        foreach (var slot in slots.Where(slot => slot.Runner.Outbox is not null))
        {
            foreach (var partition in slot.Partitions)
            {
                var high = consumer.GetWatermarkOffsets(partition).High;
                if (high.Value >= 0)
                {
                    scope.Metrics.Lag(scope.Group, partition.Topic, slot.Number, Math.Max(0, high.Value - slot.Reached(partition.Topic)));
                }
            }
        }
    }

    public void Forget(PartitionSlot slot)
    {
        foreach (var partition in slot.Partitions)
        {
            scope.Metrics.NoLag(scope.Group, partition.Topic, slot.Number);
        }
    }
}
