using System.Text;
using Confluent.Kafka;

namespace Strata.Streaming.Records;

/// <summary>A key as text. Bytes that aren't UTF-8 are kept beside it, so that a dead letter can carry them unchanged.</summary>
internal readonly record struct RecordKey(string? Text, byte[]? Foreign)
{
    private const char Replacement = '\uFFFD';

    public static IDeserializer<RecordKey> Deserializer { get; } = new Utf8();

    public static RecordKey Of(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        return new RecordKey(text, text.Contains(Replacement, StringComparison.Ordinal) ? bytes.ToArray() : null);
    }

    private sealed class Utf8 : IDeserializer<RecordKey>
    {
        public RecordKey Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) => isNull ? default : Of(data);
    }
}
