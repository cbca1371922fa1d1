using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Strata.Contracts.Bounds;

namespace Strata.ServiceDefaults.State;

/// <summary>Reads messages from the store for those who own them.</summary>
public static class StoredMessages
{
    /// <summary>
    /// Reads the values of <paramref name="keys"/>, in their order. One that is no such message is set aside under
    /// <c>quarantine:&lt;key&gt;</c> and reads as absent: its owner builds it anew.
    /// </summary>
    public static async ValueTask<IReadOnlyList<Stored<T>>> ReadMessagesAsync<T>(
        this IStateStore store, IReadOnlyList<string> keys, MessageParser<T> parser, CancellationToken cancellationToken)
        where T : class, IMessage<T>
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(keys);
        var values = await store.ReadAsync(keys, cancellationToken);
        var messages = new Stored<T>[keys.Count];
        for (var i = 0; i < messages.Length; i++)
        {
            if (!TryRead(values[i], parser, out messages[i], out var reason))
            {
                await store.SetAsideAsync(keys[i], values[i]!.Value, reason, cancellationToken);
            }
        }

        return messages;
    }

    /// <summary>
    /// Reads a value; false with the reason when its fences are cut off, its payload is no such message, or the message breaks its
    /// <see cref="MessageBounds"/>.
    /// </summary>
    public static bool TryRead<T>(
        ReadOnlyMemory<byte>? value, MessageParser<T> parser, out Stored<T> stored, [NotNullWhen(false)] out string? reason)
        where T : class, IMessage<T>
    {
        ArgumentNullException.ThrowIfNull(parser);
        stored = default;
        reason = null;
        if (value is not { Length: > 0 } bytes)
        {
            return true;
        }

        if (bytes.Length < FencedValue.HeaderSize(bytes.Span[0]))
        {
            reason = "it is shorter than its fences";
            return false;
        }

        for (var i = 0; i < bytes.Span[0]; i++)
        {
            if (FencedValue.ReadFence(bytes, i).Next < 0)
            {
                reason = "a fence stands before the beginning of its log";
                return false;
            }
        }

        try
        {
            var message = parser.ParseFrom(FencedValue.Payload(bytes).Span);
            reason = MessageBounds.Fault(message);
            stored = reason is null ? new Stored<T>(bytes, message) : default;
        }
        catch (InvalidProtocolBufferException fault)
        {
            reason = fault.Message;
        }

        return reason is null;
    }
}

/// <summary>A message behind its fences, as it was read from the store.</summary>
/// <typeparam name="T">The message.</typeparam>
/// <param name="Bytes">The value as it rests; null when there is none, or none that can be used.</param>
/// <param name="Message">The message; null when there is none.</param>
public readonly record struct Stored<T>(ReadOnlyMemory<byte>? Bytes, T? Message)
    where T : class, IMessage<T>
{
    /// <summary>What a later write must find unchanged, see <see cref="FencedValue.Header"/>.</summary>
    public ReadOnlyMemory<byte> Header => FencedValue.Header(Bytes);

    /// <summary>Fence number <paramref name="index"/>; the empty fence when there is none.</summary>
    public Fence Fence(int index = 0) => FencedValue.ReadFence(Bytes, index);
}
