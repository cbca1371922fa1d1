using System.Globalization;
using StackExchange.Redis;
using Strata.ServiceDefaults.Redis;

namespace Strata.ServiceDefaults.State;

/// <summary>Many keys at once: one command per hash slot and piece, all in flight together.</summary>
internal static class RedisValues
{
    /// <summary>Keys of one MGET: a longer one would hold up everybody else on the shard.</summary>
    private const int KeysPerCommand = 256;

    /// <summary>Values of one script: a longer one would hold up everybody else on the shard.</summary>
    private const int WritesPerScript = 64;

    public static async Task<IReadOnlyList<ReadOnlyMemory<byte>?>> ReadAsync(IDatabase redis, IReadOnlyList<string> keys)
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

    /// <summary>Writes what is not written yet; the keys among them that hold no string.</summary>
    public static async Task<IReadOnlyList<string>> WriteAsync(IDatabase redis, IReadOnlyList<StateWrite> writes, bool[] written)
    {
        var pending = new List<(int[] Indices, Task<RedisResult> Answer)>();
        var unwritten = Enumerable.Range(0, writes.Count).Where(i => !written[i]);
        foreach (var slot in unwritten.GroupBy(i => redis.Multiplexer.GetHashSlot(writes[i].Key)))
        {
            foreach (var indices in slot.Chunk(WritesPerScript))
            {
                var answer = redis.ScriptEvaluateAsync(
                    StateScripts.Write,
                    [.. indices.Select(i => (RedisKey)writes[i].Key)],
                    [.. indices.SelectMany(i => Arguments(writes[i]))]);
                pending.Add((indices, answer));
            }
        }

        var fenced = 0;
        var foreign = new List<string>();
        Exception? fault = null;
        foreach (var (indices, answer) in pending)
        {
            try
            {
                foreach (var (index, done) in indices.Zip((int[])(await answer)!))
                {
                    written[index] = done == 1;
                    fenced += done == 0 ? 1 : 0;
                    if (done < 0)
                    {
                        foreign.Add(writes[index].Key);
                    }
                }
            }
            catch (Exception e) when (RedisFaults.IsTransient(e))
            {
                fault = e;
            }
        }

        if (fenced > 0)
        {
            throw new StateFencedException(
                string.Create(CultureInfo.InvariantCulture, $"Another writer changed {fenced} of {writes.Count} values."));
        }

        return fault is null ? foreign : throw fault;
    }

    private static RedisValue[] Arguments(StateWrite write)
        => write.Value is { } value
            ? [write.Expected, FencedValue.Header(value).Length, value, (long)(write.Lifetime?.TotalMilliseconds ?? 0)]
            : [write.Expected, 0, RedisValue.EmptyString, 0];
}
