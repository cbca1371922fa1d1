using Microsoft.Extensions.Options;
using Polly;
using Polly.Registry;
using StackExchange.Redis;
using Strata.Contracts;
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

    private readonly KnownPositions _known = new(time, options.Value.PositionCheckInterval);
    private readonly ResiliencePipeline _pipeline = pipelines.GetPipeline(RedisPipeline.Name);

    public ValueTask<IReadOnlyList<ReadOnlyMemory<byte>?>> ReadAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
        => RunAsync(redis => RedisValues.ReadAsync(redis, keys), cancellationToken);

    public ValueTask<IReadOnlyList<ReadOnlyMemory<byte>?>> ReadCacheAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
        => ReadAsync(keys, cancellationToken);

    public async ValueTask WriteAsync(
        StateIncrement? counts,
        IReadOnlyList<StateWrite> writes,
        IReadOnlyList<KeyValuePair<string, Fence>> positions,
        CancellationToken cancellationToken)
    {
        using var span = StateMetrics.StartWrite(writes.Count);
        string[] keys = [.. positions.Select(position => position.Key)];
        IReadOnlyList<StoredPosition> before;
        do
        {
            // Behind the reads on which the writes stand and before the writes: a store that came back empty in between refuses them,
            // except those of keys that nobody had.
            before = await LookAsync(keys, cancellationToken);
            _known.Compare(keys, [.. before.Select(found => found.Position)]);
            if (counts is not null)
            {
                await IncrementAsync(counts, cancellationToken);
            }

            await WriteValuesAsync(writes, cancellationToken);
        }
        while (!await SealAsync(before, positions, cancellationToken));
    }

    public async ValueTask<IReadOnlyList<Fence>> ReadPositionsAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        foreach (var key in keys)
        {
            while (await RunAsync(redis => RebuildOrders.FollowSomeAsync(redis, key), cancellationToken))
            {
                // There is more of the order.
            }
        }

        Fence[] positions = [.. (await LookAsync(keys, cancellationToken)).Select(found => found.Position)];
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
            _known.Compare(keys, [.. (await LookAsync(keys, cancellationToken)).Select(found => found.Position)]);
        }
        catch (Exception fault) when (RedisFaults.IsUnavailable(fault))
        {
            // A store that is away has lost nothing yet: it is looked at again.
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

    public async ValueTask DropSetAsideAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
        => await RunAsync(
            redis => Task.WhenAll(keys.Select(key => redis.KeyDeleteAsync(Keys.Quarantine(key)))), cancellationToken);

    public async ValueTask WriteCacheAsync(string key, ReadOnlyMemory<byte> value, TimeSpan expiry, CancellationToken cancellationToken)
        => await RunAsync(redis => redis.StringSetAsync(key, value, expiry), cancellationToken);

    private async ValueTask IncrementAsync(StateIncrement counts, CancellationToken cancellationToken)
    {
        if (counts.Next == counts.Expected)
        {
            throw new ArgumentException("The fence must move: a repeated attempt is known by it.", nameof(counts));
        }

        RedisValue[] arguments =
        [
            FenceBytes.Write(counts.Expected),
            FenceBytes.Write(counts.Next),
            .. counts.Amounts.SelectMany(amount => new RedisValue[] { amount.Key, amount.Value }),
        ];
        var answer = await RunAsync(
            redis => redis.ScriptEvaluateAsync(StateScripts.Increment, [counts.Key], arguments), cancellationToken);
        if ((int)answer != 1)
        {
            throw new StateFencedException("Another writer moved the fence of a hash.");
        }
    }

    private async ValueTask WriteValuesAsync(IReadOnlyList<StateWrite> writes, CancellationToken cancellationToken)
    {
        var written = new bool[writes.Count];
        var foreign = await RunAsync(redis => RedisValues.WriteAsync(redis, writes, written), cancellationToken);
        foreach (var key in foreign)
        {
            await SetAsideAsync(key, default, "it is no string", cancellationToken);
        }

        if (foreign.Count > 0)
        {
            throw new StateFencedException($"{foreign.Count} of {writes.Count} keys held no value of ours.");
        }
    }

    // Only behind every value: a position says that the values hold the log up to it. False: they may not.
    private async ValueTask<bool> SealAsync(
        IReadOnlyList<StoredPosition> before,
        IReadOnlyList<KeyValuePair<string, Fence>> positions,
        CancellationToken cancellationToken)
    {
        if (!await RunAsync(
            redis => RedisPositions.SealAsync(redis, before, [.. positions.Select(position => position.Value)]), cancellationToken))
        {
            return false;
        }

        foreach (var (key, position) in positions)
        {
            _known.Set(key, position);
        }

        return true;
    }

    private async ValueTask<StoredPosition[]> LookAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        var found = await RunAsync(redis => RedisPositions.LookAsync(redis, keys), cancellationToken);
        for (var i = 0; i < found.Length; i++)
        {
            foreach (var copy in found[i].Copies.Where(copy => copy.IsMalformed))
            {
                await SetAsideAsync(copy.Key.ToString(), copy.Bytes, "it is no position", cancellationToken);
            }

            found[i] = found[i].WithoutMalformed();
        }

        return found;
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
