using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Strata.Streaming.Topology;

/// <summary>The identity of a partition's log as a number, as it stands in fences.</summary>
internal static class LogIdentity
{
    /// <summary>XXH64 over cluster, topic id and partition. Never 0, which means "no log" in a fence.</summary>
    public static ulong Of(string cluster, string topicId, int partition)
    {
        var hash = new XxHash64();
        hash.Append(Encoding.UTF8.GetBytes($"{cluster}\n{topicId}\n"));
        Span<byte> number = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(number, partition);
        hash.Append(number);
        return Math.Max(1, hash.GetCurrentHashAsUInt64());
    }
}
