using StackExchange.Redis;
using Strata.Contracts;
using Strata.ServiceDefaults.State;
using Strata.Streaming.Topology;

namespace Strata.Cli.Rebuild;

/// <summary>One partition of one kind: what is dropped or put back, from where the log is read, what it no longer has.</summary>
/// <param name="Kind">What.</param>
/// <param name="Partition">Number.</param>
/// <param name="Entries">Keys, and what a snapshot has under them, positions too.</param>
/// <param name="Targets">Position that the store has now, by key: reached again, it is done.</param>
/// <param name="Begins">Offset at which reading begins, by key.</param>
/// <param name="Gone">Offsets before it that no snapshot holds.</param>
internal sealed record RebuildPlan(
    StateKind Kind,
    int Partition,
    IReadOnlyList<(string Key, ReadOnlyMemory<byte>? Value)> Entries,
    IReadOnlyDictionary<string, Fence> Targets,
    IReadOnlyDictionary<string, long> Begins,
    long Gone)
{
    private const int AtOnce = 256;

    public long Read => Targets.Sum(target => Math.Max(0, target.Value.Next - Begins[target.Key]));

    /// <summary>Values without positions.</summary>
    public int Values => Entries.Count - Targets.Count;

    public int FromSnapshot => Entries.Count(entry => entry.Value is not null && !Targets.ContainsKey(entry.Key));

    /// <summary>Plans for a kind.</summary>
    /// <param name="kind">What.</param>
    /// <param name="user">Whose only; null: everybody's.</param>
    /// <param name="store">What is to be rebuilt.</param>
    /// <param name="snapshot">An older store, if there is one.</param>
    /// <param name="logs">How far back the logs go.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<IReadOnlyList<RebuildPlan>> MakeAsync(
        StateKind kind,
        string? user,
        IConnectionMultiplexer store,
        IConnectionMultiplexer? snapshot,
        LogReach logs,
        CancellationToken cancellationToken)
    {
        var partitions = logs.PartitionsOf(kind.Topics[0]);
        var keys = Enumerable.Range(0, partitions).Select(_ => new HashSet<string>(StringComparer.Ordinal)).ToArray();
        await foreach (var id in IdsAsync(kind, user, store, snapshot, cancellationToken))
        {
            keys[KeyPartitioner.PartitionOf(id, partitions)].Add(kind.KeyOf(id));
        }

        // Sums go with the values that they are of; one user's leave them as they are.
        if (user is null && kind.SumsPrefix.Length > 0)
        {
            await foreach (var key in KeysAsync(kind.SumsPrefix + "*", store, snapshot, cancellationToken))
            {
                if (StateKind.PartitionOfSums(key) is >= 0 and var of && of < partitions)
                {
                    keys[of].Add(key);
                }
            }
        }

        var beginnings = new Dictionary<string, IReadOnlyList<long>>(StringComparer.Ordinal);
        foreach (var topic in kind.Topics)
        {
            beginnings[topic] = await logs.BeginningsAsync(topic, partitions);
        }

        var plans = new List<RebuildPlan>();
        for (var partition = 0; partition < partitions; partition++)
        {
            if (user is null || keys[partition].Count > 0)
            {
                var at = partition;
                plans.Add(await MakeAsync(
                    kind, at, keys[at], store.GetDatabase(), snapshot?.GetDatabase(), [.. kind.Topics.Select(t => beginnings[t][at])]));
            }
        }

        // Where nobody has a value nothing is wrong; and where there is no position the owner would not notice that it goes.
        return [.. plans.Where(plan => plan.Values > 0 && plan.Targets.Values.Any(target => target != default))];
    }

    private static async Task<RebuildPlan> MakeAsync(
        StateKind kind, int partition, HashSet<string> keys, IDatabase store, IDatabase? snapshot, IReadOnlyList<long> beginnings)
    {
        // Of items the log has all, and their document frequencies are counted anew with them.
        var older = kind.IsOfUsers ? snapshot : null;
        var positions = kind.PositionsOf(partition);
        if (older is not null && await HeldAsync(older, positions[0], PositionOf(await store.StringGetAsync(positions[0]))) == 0)
        {
            older = null; // it is of other logs
        }

        var (targets, begins) = (new Dictionary<string, Fence>(), new Dictionary<string, long>());
        var entries = new List<(string Key, ReadOnlyMemory<byte>? Value)>();
        var gone = 0L;

        // Positions first: what a store holds is at least that new.
        for (var i = 0; i < positions.Count; i++)
        {
            var target = PositionOf(await store.StringGetAsync(positions[i]));
            var from = older is null ? 0 : await HeldAsync(older, positions[i], target);
            (targets[positions[i]], begins[positions[i]]) = (target, Math.Max(from, beginnings[i]));
            gone += Math.Max(0, Math.Min(beginnings[i], target.Next) - from);
            entries.Add((positions[i], from > 0 ? (byte[]?)await older!.StringGetAsync(positions[i]) : null));
        }

        foreach (var some in keys.Chunk(AtOnce))
        {
            var values = older is null
                ? new RedisValue[some.Length]
                : await Task.WhenAll(some.Select(key => older.StringGetAsync(key)));
            entries.AddRange(some.Zip(values, (key, value) => (key, value.IsNull ? null : (ReadOnlyMemory<byte>?)(byte[]?)value)));
        }

        if (!kind.IsOfUsers)
        {
            entries.Add((Keys.DocumentFrequencies(partition), null));
        }

        return new RebuildPlan(kind, partition, entries, targets, begins, gone);
    }

    /// <summary>How much of the target's log an older store holds.</summary>
    private static async Task<long> HeldAsync(IDatabase older, string key, Fence target)
        => PositionOf(await older.StringGetAsync(key)) is var held && (target.Log == 0 || held.Log == target.Log) ? held.Next : 0;

    private static Fence PositionOf(RedisValue value)
        => FenceBytes.TryRead(((byte[]?)value).AsSpan(), out var position) ? position : default;

    private static async IAsyncEnumerable<string> IdsAsync(
        StateKind kind,
        string? user,
        IConnectionMultiplexer store,
        IConnectionMultiplexer? snapshot,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (user is not null)
        {
            yield return user;
            yield break;
        }

        await foreach (var key in KeysAsync(kind.Prefix + "*" + kind.Suffix, store, snapshot, cancellationToken))
        {
            yield return kind.IdOf(key);
        }
    }

    private static async IAsyncEnumerable<string> KeysAsync(
        string pattern,
        IConnectionMultiplexer store,
        IConnectionMultiplexer? snapshot,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var server in new[] { store, snapshot }.OfType<IConnectionMultiplexer>()
            .SelectMany(redis => redis.GetServers()).Where(server => server is { IsConnected: true, IsReplica: false }))
        {
            await foreach (var key in server.KeysAsync(pattern: pattern, pageSize: 1000).WithCancellation(cancellationToken))
            {
                yield return key.ToString();
            }
        }
    }
}
