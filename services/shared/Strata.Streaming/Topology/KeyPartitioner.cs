using System.Buffers.Binary;
using System.Text;

namespace Strata.Streaming.Topology;

/// <summary>Kafka's default partitioner, so that a partition can be known before anything is sent.</summary>
public static class KeyPartitioner
{
    /// <summary>
    /// Partition of <paramref name="key"/> among <paramref name="partitions"/>: murmur2 of its UTF-8 bytes, as Kafka's Java clients and
    /// librdkafka's <c>murmur2</c> have it.
    /// </summary>
    public static int PartitionOf(string key, int partitions)
    {
        var bytes = Encoding.UTF8.GetBytes(key);
        return (int)((Murmur2(bytes) & 0x7fffffff) % (uint)partitions);
    }

    private static uint Murmur2(ReadOnlySpan<byte> data)
    {
        const uint M = 0x5bd1e995;
        var h = 0x9747b28cu ^ (uint)data.Length;
        while (data.Length >= 4)
        {
            var k = BinaryPrimitives.ReadUInt32LittleEndian(data);
            k *= M;
            k ^= k >> 24;
            k *= M;
            h = (h * M) ^ k;
            data = data[4..];
        }

        if (data.Length >= 3)
        {
            h ^= (uint)data[2] << 16;
        }

        if (data.Length >= 2)
        {
            h ^= (uint)data[1] << 8;
        }

        if (data.Length >= 1)
        {
            h ^= data[0];
            h *= M;
        }

        h ^= h >> 13;
        h *= M;
        return h ^ (h >> 15);
    }
}
