using System.Globalization;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Registry;
using StackExchange.Redis;
using Strata.ServiceDefaults.Redis;

namespace Strata.ServiceDefaults.State;

/// <summary>
/// <see cref="IStateStore"/> on Redis. Commands of a call are pipelined over the one connection. A command that timed out may have run;
/// since every write is a compare-and-set, an attempt may be repeated without harm.
/// </summary>
internal sealed class RedisStateStore(
    RedisConnection connection,
    ResiliencePipelineProvider<string> pipelines,
    IOptions<RedisOptions> options,
    TimeProvider time) : IStateStore
{
    private const string FenceField = "#fence";

    /// <summary>Values of one script: a longer one would hold up everybody else on the shard.</summary>
    private const int WritesPerScript = 64;

    private readonly KnownPositions _known = new(time, options.Value.PositionCheckInterval);
    private readonly ResiliencePipeline _pipeline = pipelines.GetPipeline(RedisPipeline.Name);

    public ValueTask<IReadOnlyList<ReadOnlyMemory<byte>?>> ReadAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
        => RunAsync(redis => RedisReads.ValuesAsync(redis, keys), cancellationToken);

    public ValueTask<IReadOnlyList<ReadOnlyMemory<byte>?>> ReadCacheAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
        => ReadAsync(keys, cancellationToken);

    public async ValueTask WriteAsync(
        IReadOnlyList<StateWrite> writes, IReadOnlyList<KeyValuePair<string, Fence>> positions, CancellationToken cancellationToken)
    {
        if (positions.Count > 0)
        {
            // Behind the reads on which the writes stand and before the writes: a store that came back empty in between refuses them,
            // except those of keys that nobody had.
            string[] keys = [.. positions.Select(position => position.Key)];
            _known.Compare(keys, await PositionsAsync(keys, cancellationToken));
        }

        var written = new bool[writes.Count];
        await RunAsync(redis => WriteOnceAsync(redis, writes, written), cancellationToken);

        // Only behind every value: a position says that the values hold the log up to it.
        if (positions.Count > 0)
        {
            await RunAsync(
                redis => Task.WhenAll(positions.Select(p => redis.StringSetAsync(p.Key, FenceBytes.Write(p.Value)))),
                cancellationToken);
            foreach (var (key, position) in positions)
            {
                _known.Set(key, position);
            }
        }
    }

    public async ValueTask<IReadOnlyList<Fence>> ReadPositionsAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        var positions = await PositionsAsync(keys, cancellationToken);
        for (var i = 0; i < keys.Count; i++)
        {
            _known.Set(keys[i], positions[i]);
        }

        return positions;
    }

    public async ValueTask CheckPositionsAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        if (!_known.IsDue(keys))
        {
            return;
        }

        try
        {
            _known.Compare(keys, await PositionsAsync(keys, cancellationToken));
        }
        catch (Exception fault) when (RedisFaults.IsUnavailable(fault))
        {
            // A store that is away has lost nothing yet: it is looked at again.
        }
    }

    public async ValueTask IncrementAsync(
        string key, Fence expected, Fence next, IReadOnlyList<KeyValuePair<string, long>> increments, CancellationToken cancellationToken)
    {
        if (next == expected)
        {
            throw new ArgumentException("The fence must move: a repeated attempt is known by it.", nameof(next));
        }

        var arguments = new RedisValue[2 + (2 * increments.Count)];
        arguments[0] = FenceBytes.Write(expected);
        arguments[1] = FenceBytes.Write(next);
        for (var i = 0; i < increments.Count; i++)
        {
            arguments[2 + (2 * i)] = increments[i].Key;
            arguments[3 + (2 * i)] = increments[i].Value;
        }

        var answer = await RunAsync(redis => redis.ScriptEvaluateAsync(StateScripts.Increment, [key], arguments), cancellationToken);
        if ((int)answer != 1)
        {
            throw new StateFencedException("Another writer moved the fence of a hash.");
        }
    }

    public async ValueTask<Fence> ReadHashFenceAsync(string key, CancellationToken cancellationToken)
    {
        var value = await RunAsync(redis => redis.HashGetAsync(key, FenceField), cancellationToken);
        return FenceBytes.Read((byte[]?)value);
    }

    public async ValueTask<IReadOnlyDictionary<string, long>> ReadHashAsync(string key, CancellationToken cancellationToken)
    {
        var entries = await RunAsync(redis => redis.HashGetAllAsync(key), cancellationToken);
        var fields = new Dictionary<string, long>(entries.Length);
        foreach (var entry in entries)
        {
            var name = (string)entry.Name!;
            if (name != FenceField)
            {
                fields.Add(name, (long)entry.Value);
            }
        }

        return fields;
    }

    public async ValueTask WriteCacheAsync(string key, ReadOnlyMemory<byte> value, TimeSpan expiry, CancellationToken cancellationToken)
        => await RunAsync(redis => redis.StringSetAsync(key, value, expiry), cancellationToken);

    private static async Task<bool> WriteOnceAsync(IDatabase redis, IReadOnlyList<StateWrite> writes, bool[] written)
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
        Exception? fault = null;
        foreach (var (indices, answer) in pending)
        {
            try
            {
                foreach (var (index, done) in indices.Zip((int[])(await answer)!))
                {
                    written[index] = done == 1;
                    fenced += 1 - done;
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

        return fault is null ? true : throw fault;
    }

    private static RedisValue[] Arguments(StateWrite write)
        => write.Value is { } value
            ? [write.Expected, FencedValue.Header(value).Length, value]
            : [write.Expected, 0, RedisValue.EmptyString];

    private async ValueTask<IReadOnlyList<Fence>> PositionsAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        var values = await ReadAsync(keys, cancellationToken);
        return [.. values.Select(v => v is { } bytes ? FenceBytes.Read(bytes.Span) : default)];
    }

    private ValueTask<T> RunAsync<T>(Func<IDatabase, Task<T>> command, CancellationToken cancellationToken)
        => _pipeline.ExecuteAsync(
            static async (state, token) =>
            {
                var multiplexer = await state.connection.MultiplexerAsync(token);
                return await state.command(multiplexer.GetDatabase()).WaitAsync(token);
            },
            (connection, command),
            cancellationToken);
}
