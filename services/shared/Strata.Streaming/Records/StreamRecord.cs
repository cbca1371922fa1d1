using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Strata.Contracts;
using Strata.Contracts.Bounds;

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

    /// <summary>XXH64 of the key in hexadecimal digits: names a user in a log without telling who it is. "none" without a key.</summary>
    public string KeyHash => Key is null ? "none" : KeyHashes.Of(Key);

    /// <summary>Told of what a reader without a position leaves out, see <see cref="Skip"/>.</summary>
    public Action<StreamRecord, string>? OnSkip { get; init; }

    /// <summary>
    /// Parses the value; false with the reason when it isn't such a message, or one that breaks its <see cref="MessageBounds"/>. A
    /// tombstone is no message.
    /// </summary>
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
            var read = parser.ParseFrom(value.Span);
            reason = MessageBounds.Fault(read);
            message = reason is null ? read : null;
            return reason is null;
        }
        catch (InvalidProtocolBufferException fault)
        {
            reason = fault.Message;
            return false;
        }
    }

    /// <summary>
    /// A table, or a handler that restores its state, leaves this record out: it stays in its compacted topic until its key is written
    /// again. Whoever handed the record over counts it and names it in the log. A handler that follows a topic dead-letters instead.
    /// </summary>
    public void Skip(string reason) => OnSkip?.Invoke(this, reason);
}
