using System.Text;
using Confluent.Kafka;

namespace Strata.Streaming.Records;

/// <summary>
/// A message that waits for its commit, already in bytes: what the handler does to its objects afterwards doesn't matter.
/// </summary>
internal readonly record struct OutgoingMessage(string Topic, int? Partition, Message<byte[]?, byte[]?> Message)
{
    private const int Frame = 128;

    public static OutgoingMessage Of(string topic, string? key, byte[]? value, DateTimeOffset timestamp, int? partition)
        => Of(topic, key is null ? null : Encoding.UTF8.GetBytes(key), value, timestamp, partition);

    public static OutgoingMessage Of(string topic, byte[]? key, byte[]? value, DateTimeOffset timestamp, int? partition)
    {
        var headers = new Headers { { EventTime.Header, EventTime.Bytes(timestamp) } };
        return new OutgoingMessage(topic, partition, new Message<byte[]?, byte[]?>
        {
            Key = key,
            Value = value,
            Timestamp = new Timestamp(timestamp.ToUnixTimeMilliseconds(), TimestampType.CreateTime),
            Headers = headers,
        });
    }

    /// <summary>Bytes of key and value, and what goes round them at most.</summary>
    public int Size => (Message.Key?.Length ?? 0) + (Message.Value?.Length ?? 0) + Frame;

    public TopicPartition Destination => new(Topic, Partition ?? Confluent.Kafka.Partition.Any);
}
