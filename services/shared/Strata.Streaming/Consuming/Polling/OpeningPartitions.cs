using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Strata.Streaming.Consuming.Partitions;
using Strata.Streaming.Records;

namespace Strata.Streaming.Consuming.Polling;

/// <summary>Partitions whose handler is ready: each is put to its position, and then gets its pump. Used by the poll thread only.</summary>
internal sealed class OpeningPartitions(ILogger logger, string group)
{
    private readonly List<PolledPartition> _waiting = [];

    public bool Any => _waiting.Count > 0;

    public void Add(PolledPartition slot, PartitionPump pump, IReadOnlyDictionary<string, long?> positions)
    {
        var starts = positions.Select(position => new TopicPartitionOffset(position.Key, slot.Number, position.Value ?? Offset.Beginning));
        slot.Opening = (pump, [.. starts]);
        _waiting.Add(slot);
    }

    public void Remove(PolledPartition slot) => _waiting.RemoveAll(waiting => waiting == slot);

    public void TryAll(IConsumer<RecordKey, byte[]?> consumer)
        => _waiting.RemoveAll(slot => slot.Opening is not { } opening || TrySeek(consumer, slot, opening.Pump, opening.Positions));

    private bool TrySeek(
        IConsumer<RecordKey, byte[]?> consumer, PolledPartition slot, PartitionPump pump, List<TopicPartitionOffset> positions)
    {
        try
        {
            positions.ForEach(consumer.Seek);
        }
        catch (KafkaException fault) when (fault.Error.Code
            is ErrorCode.Local_State or ErrorCode.Local_InProgress or ErrorCode.Local_PrevInProgress or ErrorCode.Local_TimedOut)
        {
            return false; // the client still asks for the committed offset: again after the next poll
        }

        slot.Opening = null;
        slot.Pump = pump;
        slot.Restart();
        logger.PartitionOpened(group, slot.Number, positions);
        return true;
    }
}
