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
    Quarantine quarantine,
    IOptions<RedisOptions> options,
    TimeProvider time) : IStateStore
{
    private const string FenceField = "#fence";

    /// <summary>Items that a term is counted in, at most: beyond it the count is no count.</summary>
    private const long MostCounted = 1L << 40;

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
        var foreign = await RunAsync(redis => WriteOnceAsync(redis, writes, written), cancellationToken);
        foreach (var key in foreign)
        {
            await SetAsideAsync(key, default, "it is no string", cancellationToken);
        }

        if (foreign.Count > 0)
        {
            throw new StateFencedException($"{foreign.Count} of {writes.Count} keys held no value of ours.");
        }

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

    public async ValueTask<(Fence Fence, IReadOnlyDictionary<string, long> Fields)> ReadHashAsync(
        string key, CancellationToken cancellationToken)
    {
        var fields = new Dictionary<string, long>();
        var fence = default(Fence);
        try
        {
            var good = true;
            foreach (var entry in await RunAsync(redis => redis.HashGetAllAsync(key), cancellationToken))
            {
                good &= entry.Name == FenceField
                    ? FenceBytes.TryRead(((byte[]?)entry.Value).AsSpan(), out fence)
                    : entry.Value.TryParse(out long count) && count is > 0 and < MostCounted && fields.TryAdd((string)entry.Name!, count);
            }

            if (good && (fence != default || fields.Count == 0))
            {
                return (fence, fields);
            }
        }
        catch (RedisServerException fault) when (fault.Kind == RedisErrorKind.WrongType)
        {
            // Set aside below, whatever it is.
        }

        await SetAsideAsync(key, default, "it is no hash of counts behind a fence", cancellationToken);
        return (default, new Dictionary<string, long>());
    }

    public async ValueTask SetAsideAsync(string key, ReadOnlyMemory<byte> value, string reason, CancellationToken cancellationToken)
        => await RunAsync(redis => quarantine.MoveAsync(redis, key, value, reason), cancellationToken);

    public async ValueTask WriteCacheAsync(string key, ReadOnlyMemory<byte> value, TimeSpan expiry, CancellationToken cancellationToken)
        => await RunAsync(redis => redis.StringSetAsync(key, value, expiry), cancellationToken);

    // The keys among them that hold no string.
    private static async Task<IReadOnlyList<string>> WriteOnceAsync(IDatabase redis, IReadOnlyList<StateWrite> writes, bool[] written)
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
            ? [write.Expected, FencedValue.Header(value).Length, value]
            : [write.Expected, 0, RedisValue.EmptyString];

    private async ValueTask<IReadOnlyList<Fence>> PositionsAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        var values = await ReadAsync(keys, cancellationToken);
        var fences = new Fence[keys.Count];
        for (var i = 0; i < fences.Length; i++)
        {
            if (values[i] is { } bytes && !FenceBytes.TryRead(bytes.Span, out fences[i]))
            {
                await SetAsideAsync(keys[i], bytes, "it is no position", cancellationToken);
            }
        }

        return fences;
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
