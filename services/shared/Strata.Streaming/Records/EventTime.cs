using System.Buffers.Binary;
using Strata.Contracts.Bounds;

namespace Strata.Streaming.Records;

/// <summary>
/// The record's own time, as a header. Brokers delete by the record's timestamp: history that is replayed with its old times would be
/// deleted before it is read, so Strata's topics keep the append time there and the message's time here (8 bytes, milliseconds since 1970,
/// big-endian).
/// </summary>
internal static class EventTime
{
    public const string Header = "strata-time";

    public static byte[] Bytes(DateTimeOffset time)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, time.ToUnixTimeMilliseconds());
        return bytes;
    }

    public static bool TryRead(IReadOnlyList<KeyValuePair<string, byte[]>> headers, out DateTimeOffset time)
    {
        foreach (var (name, value) in headers)
        {
            if (name == Header && value.Length == sizeof(long))
            {
                var milliseconds = BinaryPrimitives.ReadInt64BigEndian(value);
                if (TimeBounds.Holds(milliseconds))
                {
                    time = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
                    return true;
                }
            }
        }

        time = default;
        return false;
    }
}
