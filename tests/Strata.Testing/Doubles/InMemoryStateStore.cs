using Strata.Contracts;
using Strata.ServiceDefaults.State;

namespace Strata.Testing.Doubles;

/// <summary>The store's contract over dictionaries.</summary>
public sealed class InMemoryStateStore : IStateStore
{
    private readonly Dictionary<string, byte[]> _values = [];
    private readonly Dictionary<string, Fence> _positions = [];
    private readonly Dictionary<string, (Fence Fence, Dictionary<string, long> Fields)> _hashes = [];
    private readonly Dictionary<string, byte[]> _cache = [];

    /// <summary>When set, a write fails with it after this many values were written.</summary>
    public (int AfterWrites, Exception Fault)? FailWrites { get; set; }

    /// <summary>When set, the write of a key with this ending fails.</summary>
    public (string Ending, Exception Fault)? FailKeys { get; set; }

    /// <summary>Values by key, to look at and to prepare.</summary>
    public IDictionary<string, byte[]> Values => _values;

    /// <summary>Positions by key.</summary>
    public IDictionary<string, Fence> Positions => _positions;

    public ValueTask<IReadOnlyList<ReadOnlyMemory<byte>?>> ReadAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
        => ValueTask.FromResult(Lookup(_values, keys));

    public ValueTask WriteAsync(
        StateIncrement? counts,
        IReadOnlyList<StateWrite> writes,
        IReadOnlyList<KeyValuePair<string, Fence>> positions,
        CancellationToken cancellationToken)
    {
        if (counts is not null)
        {
            Increment(counts);
        }

        var written = 0;
        foreach (var write in writes)
        {
            if (FailWrites is { } failure && written == failure.AfterWrites)
            {
                throw failure.Fault;
            }

            if (FailKeys is { } broken && write.Key.EndsWith(broken.Ending, StringComparison.Ordinal))
            {
                throw broken.Fault;
            }

            Write(write);
            written++;
        }

        foreach (var (key, fence) in positions)
        {
            _positions[key] = fence;
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask CheckPositionsAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask<IReadOnlyList<Fence>> ReadPositionsAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
        => ValueTask.FromResult<IReadOnlyList<Fence>>([.. keys.Select(key => _positions.GetValueOrDefault(key))]);

    public ValueTask<(Fence Fence, IReadOnlyDictionary<string, long> Fields)> ReadHashAsync(
        string key, CancellationToken cancellationToken)
        => ValueTask.FromResult<(Fence, IReadOnlyDictionary<string, long>)>(
            _hashes.TryGetValue(key, out var hash)
                ? (hash.Fence, new Dictionary<string, long>(hash.Fields))
                : (default, new Dictionary<string, long>()));

    public ValueTask SetAsideAsync(string key, ReadOnlyMemory<byte> value, string reason, CancellationToken cancellationToken)
    {
        if (_values.TryGetValue(key, out var found) && found.AsSpan().SequenceEqual(value.Span))
        {
            _values.Remove(key);
            _values[Keys.Quarantine(key)] = found;
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DropSetAsideAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        foreach (var key in keys)
        {
            _values.Remove(Keys.Quarantine(key));
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<ReadOnlyMemory<byte>?>> ReadCacheAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
        => ValueTask.FromResult(Lookup(_cache, keys));

    public ValueTask WriteCacheAsync(string key, ReadOnlyMemory<byte> value, TimeSpan expiry, CancellationToken cancellationToken)
    {
        _cache[key] = value.ToArray();
        return ValueTask.CompletedTask;
    }

    private void Increment(StateIncrement counts)
    {
        var (fence, fields) = _hashes.TryGetValue(counts.Key, out var hash) ? hash : (default, []);
        if (fence == counts.Next)
        {
            return;
        }

        if (fence != counts.Expected)
        {
            throw new StateFencedException($"The hash {counts.Key} is at {fence}, not at {counts.Expected}.");
        }

        foreach (var (field, amount) in counts.Amounts)
        {
            fields[field] = fields.GetValueOrDefault(field) + amount;
            if (fields[field] == 0)
            {
                fields.Remove(field);
            }
        }

        _hashes[counts.Key] = (counts.Next, fields);
    }

    private void Write(StateWrite write)
    {
        var stored = _values.TryGetValue(write.Key, out var value) ? value : null;
        var header = stored is null ? default : FencedValue.Header(stored);
        var isExpected = header.Span.SequenceEqual(write.Expected.Span);
        var isNew = stored is not null && write.Value is { } written && header.Span.SequenceEqual(FencedValue.Header(written).Span);
        if (!isExpected && !isNew)
        {
            throw new StateFencedException($"Another writer was at {write.Key}.");
        }

        if (write.Value is { } next)
        {
            if (isExpected)
            {
                _values[write.Key] = next.ToArray();
            }
        }
        else
        {
            _values.Remove(write.Key);
        }
    }

    private static IReadOnlyList<ReadOnlyMemory<byte>?> Lookup(Dictionary<string, byte[]> from, IReadOnlyList<string> keys)
        => [.. keys.Select(key => from.TryGetValue(key, out var value) ? (ReadOnlyMemory<byte>?)value : null)];
}
