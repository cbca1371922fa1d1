using StackExchange.Redis;

namespace Strata.ServiceDefaults.State;

/// <summary>Reads many keys at once: one MGET per hash slot and piece, all in flight together.</summary>
internal static class RedisReads
{
    /// <summary>Keys of one MGET: a longer one would hold up everybody else on the shard.</summary>
    private const int KeysPerCommand = 256;

    public static async Task<IReadOnlyList<ReadOnlyMemory<byte>?>> ValuesAsync(IDatabase redis, IReadOnlyList<string> keys)
    {
        var values = new ReadOnlyMemory<byte>?[keys.Count];
        var reads = new List<(int[] Indices, Task<RedisValue[]> Answer)>();

        // Outside a cluster every key has the same slot (-1).
        foreach (var slot in Enumerable.Range(0, keys.Count).GroupBy(i => redis.Multiplexer.GetHashSlot(keys[i])))
        {
            foreach (var indices in slot.Chunk(KeysPerCommand))
            {
                reads.Add((indices, redis.StringGetAsync([.. indices.Select(i => (RedisKey)keys[i])])));
            }
        }

        foreach (var (indices, answer) in reads)
        {
            var found = await answer;
            for (var i = 0; i < indices.Length; i++)
            {
                if (!found[i].IsNull)
                {
                    values[indices[i]] = found[i];
                }
            }
        }

        return values;
    }
}
