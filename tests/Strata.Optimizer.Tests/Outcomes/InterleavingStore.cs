using Strata.ServiceDefaults.State;
using Strata.Testing.Doubles;

namespace Strata.Optimizer.Tests.Outcomes;

/// <summary>Answers reads with what lay there before another writer came.</summary>
internal sealed class InterleavingStore(InMemoryStateStore store) : IStateStore
{
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>?> Stale { get; set; } = new Dictionary<string, ReadOnlyMemory<byte>?>();

    /// <summary>Dies after each write that sets no position, and comes back as it was before it.</summary>
    public bool LosesWhatNothingSeals { get; init; }

    public async ValueTask<IReadOnlyList<ReadOnlyMemory<byte>?>> ReadAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        var current = await store.ReadAsync(keys, cancellationToken);
        return [.. keys.Select((key, i) => Stale.TryGetValue(key, out var stale) ? stale : current[i])];
    }

    public async ValueTask WriteAsync(
        StateIncrement? counts,
        IReadOnlyList<StateWrite> writes,
        IReadOnlyList<KeyValuePair<string, Fence>> positions,
        CancellationToken cancellationToken)
    {
        var before = store.Values.ToArray();
        await store.WriteAsync(counts, writes, positions, cancellationToken);
        if (LosesWhatNothingSeals && positions.Count == 0)
        {
            store.Values.Clear();
            foreach (var (key, value) in before)
            {
                store.Values[key] = value;
            }
        }
    }

    public ValueTask CheckPositionsAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
        => store.CheckPositionsAsync(keys, cancellationToken);

    public ValueTask<IReadOnlyList<Fence>> ReadPositionsAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
        => store.ReadPositionsAsync(keys, cancellationToken);

    public ValueTask SetAsideAsync(string key, ReadOnlyMemory<byte> value, string reason, CancellationToken cancellationToken)
        => store.SetAsideAsync(key, value, reason, cancellationToken);

    public ValueTask DropSetAsideAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
        => store.DropSetAsideAsync(keys, cancellationToken);

    public ValueTask<(Fence Fence, IReadOnlyDictionary<string, long> Fields)> ReadHashAsync(
        string key, CancellationToken cancellationToken)
        => store.ReadHashAsync(key, cancellationToken);

    public ValueTask<IReadOnlyList<ReadOnlyMemory<byte>?>> ReadCacheAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
        => store.ReadCacheAsync(keys, cancellationToken);

    public ValueTask WriteCacheAsync(string key, ReadOnlyMemory<byte> value, TimeSpan expiry, CancellationToken cancellationToken)
        => store.WriteCacheAsync(key, value, expiry, cancellationToken);
}
