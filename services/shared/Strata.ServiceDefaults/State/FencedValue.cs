using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;

namespace Strata.ServiceDefaults.State;

/// <summary>
/// A value behind its fences, as it rests in Redis: one byte with the number of fences, the fences (log and next offset, 16 bytes each,
/// big-endian), the payload. The bytes up to the payload are the header that a conditional write compares.
/// </summary>
public static class FencedValue
{
    // A message is written before its size is known: to count it first costs as much as to write it.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _written;

    /// <summary>Puts fences before a payload.</summary>
    public static byte[] Encode(ReadOnlySpan<Fence> fences, ReadOnlySpan<byte> payload)
    {
        var value = new byte[HeaderSize(fences.Length) + payload.Length];
        WriteHeader(fences, value);
        payload.CopyTo(value.AsSpan(HeaderSize(fences.Length)));
        return value;
    }

    /// <summary>Puts fences before a message.</summary>
    public static byte[] Encode(ReadOnlySpan<Fence> fences, IMessage payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        var value = _written ??= new ArrayBufferWriter<byte>(4_096);
        value.ResetWrittenCount();
        WriteHeader(fences, value.GetSpan(HeaderSize(fences.Length)));
        value.Advance(HeaderSize(fences.Length));
        payload.WriteTo(value);
        return value.WrittenSpan.ToArray();
    }

    /// <summary>Bytes before the payload.</summary>
    public static int HeaderSize(int fences) => 1 + (fences * Fence.Size);

    /// <summary>The header of a stored value: what a later write must find unchanged. Empty for an absent value.</summary>
    public static ReadOnlyMemory<byte> Header(ReadOnlyMemory<byte>? value)
        => value is { Length: > 0 } present ? present[..HeaderSize(present.Span[0])] : default;

    /// <summary>Fence number <paramref name="index"/> of a stored value; the empty fence when the value is absent or has fewer.</summary>
    public static Fence ReadFence(ReadOnlyMemory<byte>? value, int index = 0)
    {
        if (value is not { Length: > 0 } present || index >= present.Span[0])
        {
            return default;
        }

        var at = present.Span[(1 + (index * Fence.Size))..];
        return new Fence(BinaryPrimitives.ReadUInt64BigEndian(at), BinaryPrimitives.ReadInt64BigEndian(at[8..]));
    }

    /// <summary>The payload of a stored value; empty for an absent one.</summary>
    public static ReadOnlyMemory<byte> Payload(ReadOnlyMemory<byte>? value)
        => value is { Length: > 0 } present ? present[HeaderSize(present.Span[0])..] : default;

    private static void WriteHeader(ReadOnlySpan<Fence> fences, Span<byte> value)
    {
        value[0] = (byte)fences.Length;
        for (var i = 0; i < fences.Length; i++)
        {
            var at = value[(1 + (i * Fence.Size))..];
            BinaryPrimitives.WriteUInt64BigEndian(at, fences[i].Log);
            BinaryPrimitives.WriteInt64BigEndian(at[8..], fences[i].Next);
        }
    }
}
