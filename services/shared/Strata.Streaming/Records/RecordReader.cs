using Confluent.Kafka;
using Strata.Contracts.Bounds;

namespace Strata.Streaming.Records;

/// <summary>Turns what the client hands over into a <see cref="StreamRecord"/>.</summary>
internal static class RecordReader
{
    public static StreamRecord Read(ConsumeResult<RecordKey, byte[]?> result, Action<StreamRecord, string>? onSkip = null)
    {
        var message = result.Message;
        var headers = message.Headers is { Count: > 0 } present
            ? present.Select(header => KeyValuePair.Create(header.Key, header.GetValueBytes() ?? [])).ToArray()
            : [];
        return new StreamRecord(
            result.Topic,
            result.Partition.Value,
            result.Offset.Value,
            message.Key.Text,
            // A null array by itself would turn into an empty value.
            message.Value is { } value ? new ReadOnlyMemory<byte>(value) : (ReadOnlyMemory<byte>?)null,
            EventTime.TryRead(headers, out var time) ? time : BrokerTime(message.Timestamp),
            headers)
        {
            ForeignKey = message.Key.Foreign,
            OnSkip = onSkip,
        };
    }

    // On a topic that keeps the producer's time, that may be anything.
    private static DateTimeOffset BrokerTime(Timestamp timestamp)
        => TimeBounds.Holds(timestamp.UnixTimestampMs)
            ? DateTimeOffset.FromUnixTimeMilliseconds(timestamp.UnixTimestampMs)
            : DateTimeOffset.UnixEpoch;
}
