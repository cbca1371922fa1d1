using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;

namespace Strata.Streaming.Records;

/// <summary>One record as it lies in the log.</summary>
/// <param name="Topic">Topic.</param>
/// <param name="Partition">Partition number.</param>
/// <param name="Offset">Offset in the partition.</param>
/// <param name="Key">Key as UTF-8 text; null when the record has none.</param>
/// <param name="Value">Value bytes; null is a tombstone.</param>
/// <param name="Timestamp">The record's own time: event time for events.</param>
/// <param name="Headers">Headers, trace context among them.</param>
public sealed record StreamRecord(
    string Topic,
    int Partition,
    long Offset,
    string? Key,
    ReadOnlyMemory<byte>? Value,
    DateTimeOffset Timestamp,
    IReadOnlyList<KeyValuePair<string, byte[]>> Headers)
{
    /// <summary>The key's bytes where they are no UTF-8 text.</summary>
    internal byte[]? ForeignKey { get; init; }

    /// <summary>Parses the value; false with the reason when it isn't such a message. A tombstone is no message.</summary>
    public bool TryParse<T>(MessageParser<T> parser, [NotNullWhen(true)] out T? message, [NotNullWhen(false)] out string? reason)
        where T : class, IMessage<T>
    {
        ArgumentNullException.ThrowIfNull(parser);
        message = null;
        if (Value is not { } value)
        {
            reason = "the record has no value";
            return false;
        }

        try
        {
            message = parser.ParseFrom(value.Span);
            reason = null;
            return true;
        }
        catch (InvalidProtocolBufferException fault)
        {
            reason = fault.Message;
            return false;
        }
    }
}
