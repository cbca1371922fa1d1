using System.Buffers.Binary;

namespace Strata.Ranking.Holdings.Core;

/// <summary>When a request was made, by its id: a UUID of version 7 (RFC 9562), 32 hexadecimal digits.</summary>
internal static class RequestTimes
{
    /// <summary>The time; null: it is no such id.</summary>
    public static DateTimeOffset? Of(string requestId)
    {
        if (!Guid.TryParseExact(requestId, "n", out var id) || id.Version != 7)
        {
            return null;
        }

        // The first 48 bits are milliseconds since the Unix epoch.
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var ms = (long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16);
        return ms <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;
    }
}
