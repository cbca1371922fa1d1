using Strata.ServiceDefaults.State;

namespace Strata.Ranking.Tests.Serving;

/// <summary>A store that only reads, counts its round trips, and never answers while <see cref="Silent"/>.</summary>
internal sealed class LateStore : IStateStore
{
    public Dictionary<string, byte[]> Values { get; } = [];

    public bool Silent { get; set; }

    public int Reads { get; private set; }

    /// <summary>Called with each read before it is answered.</summary>
    public Action<int> OnRead { get; set; } = _ => { };

    public async ValueTask<IReadOnlyList<ReadOnlyMemory<byte>?>> ReadAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        OnRead(++Reads);
        if (Silent)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        return [.. keys.Select(key => Values.TryGetValue(key, out var value) ? value : default(ReadOnlyMemory<byte>?))];
    }

    public ValueTask WriteAsync(
        StateIncrement? counts,
        IReadOnlyList<StateWrite> writes,
        IReadOnlyList<KeyValuePair<string, Fence>> positions,
        CancellationToken cancellationToken)
        => throw new NotSupportedException();

    public ValueTask CheckPositionsAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
        => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<Fence>> ReadPositionsAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
        => throw new NotSupportedException();

    public ValueTask SetAsideAsync(string key, ReadOnlyMemory<byte> value, string reason, CancellationToken cancellationToken)
        => throw new NotSupportedException();

    public ValueTask DropSetAsideAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
        => throw new NotSupportedException();

    public ValueTask<(Fence Fence, IReadOnlyDictionary<string, long> Fields)> ReadHashAsync(
        string key, CancellationToken cancellationToken)
        => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<ReadOnlyMemory<byte>?>> ReadCacheAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
        => throw new NotSupportedException();

    public ValueTask WriteCacheAsync(string key, ReadOnlyMemory<byte> value, TimeSpan expiry, CancellationToken cancellationToken)
        => throw new NotSupportedException();
}
