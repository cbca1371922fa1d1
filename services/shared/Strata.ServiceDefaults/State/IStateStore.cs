namespace Strata.ServiceDefaults.State;

/// <summary>
/// The online store of fenced values. Every write is conditional on the header that the writer last saw, so that a writer that lost its
/// partition changes nothing.
/// </summary>
public interface IStateStore
{
    /// <summary>
    /// Reads values, in the order of <paramref name="keys"/>; null where there is none. Keys of one user are one round trip.
    /// </summary>
    ValueTask<IReadOnlyList<ReadOnlyMemory<byte>?>> ReadAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken);

    /// <summary>
    /// Writes values of different keys, pipelined. Each is set iff its header still is <see cref="StateWrite.Expected"/>, or already is the
    /// new one (an earlier attempt that timed out came through). Throws <see cref="StateFencedException"/> when another writer was there:
    /// the caller gives up its partition. Then, behind all of them, sets <paramref name="positions"/>; a store that was started again in
    /// between gets all of it once more, since it may have lost what it had answered. Before anything is written, the stored positions must
    /// be those that were read or written last: throws <see cref="StateLostException"/> when the store is older.
    /// </summary>
    /// <param name="counts">What is added before the values are written; null: nothing.</param>
    /// <param name="writes">The values.</param>
    /// <param name="positions">By key, what the values hold of the log.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask WriteAsync(
        StateIncrement? counts,
        IReadOnlyList<StateWrite> writes,
        IReadOnlyList<KeyValuePair<string, Fence>> positions,
        CancellationToken cancellationToken);

    /// <summary>Writes values, then positions, and adds nothing.</summary>
    ValueTask WriteAsync(
        IReadOnlyList<StateWrite> writes, IReadOnlyList<KeyValuePair<string, Fence>> positions, CancellationToken cancellationToken)
        => WriteAsync(null, writes, positions, cancellationToken);

    /// <summary>
    /// Reads positions; the empty fence where there is none, or none that can be read. An operator's order to rebuild what lies behind one
    /// of them is followed first, so whoever owns the values calls this before it reads any.
    /// </summary>
    ValueTask<IReadOnlyList<Fence>> ReadPositionsAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken);

    /// <summary>
    /// For whoever has nothing to write: throws <see cref="StateLostException"/> when the store is older than the positions that were read
    /// or written last. Looks once in a while, however often it is called, and not while the store is away.
    /// </summary>
    ValueTask CheckPositionsAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken);

    /// <summary>
    /// A hash: its fence, and its integer fields without it; empty when there is none. One that cannot be used is set aside as a whole and
    /// reads as empty.
    /// </summary>
    ValueTask<(Fence Fence, IReadOnlyDictionary<string, long> Fields)> ReadHashAsync(string key, CancellationToken cancellationToken);

    /// <summary>
    /// Moves a value that cannot be used to <c>quarantine:&lt;key&gt;</c>, where it stays for thirty days, if it still is
    /// <paramref name="value"/>; counts it, and names it in the log. Only its owner does so: for all others it is absent.
    /// </summary>
    ValueTask SetAsideAsync(string key, ReadOnlyMemory<byte> value, string reason, CancellationToken cancellationToken);

    /// <summary>Deletes what was set aside under these keys. Only their owner does so.</summary>
    ValueTask DropSetAsideAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken);

    /// <summary>Reads cached blobs; null where absent.</summary>
    ValueTask<IReadOnlyList<ReadOnlyMemory<byte>?>> ReadCacheAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken);

    /// <summary>Caches a blob for a time.</summary>
    ValueTask WriteCacheAsync(string key, ReadOnlyMemory<byte> value, TimeSpan expiry, CancellationToken cancellationToken);
}

/// <summary>A conditional write. A null <paramref name="Value"/> deletes.</summary>
/// <param name="Key">Key.</param>
/// <param name="Expected">Header last seen, see <see cref="FencedValue.Header"/>; empty: the key must be absent.</param>
/// <param name="Value">New value with its header, or null.</param>
/// <param name="Lifetime">How long the value is kept; null: until it is deleted.</param>
public readonly record struct StateWrite(
    string Key, ReadOnlyMemory<byte> Expected, ReadOnlyMemory<byte>? Value, TimeSpan? Lifetime = null);

/// <summary>
/// Adds to the integer fields of a hash and moves its fence (field "#fence"), in one atomic step, iff the fence still is
/// <paramref name="Expected"/> or already is <paramref name="Next"/> (then nothing is added again); else another writer was there. Fields
/// that fall to zero are removed.
/// </summary>
/// <param name="Key">Key of the hash.</param>
/// <param name="Expected">Fence last seen.</param>
/// <param name="Next">New fence, another one.</param>
/// <param name="Amounts">By field.</param>
public sealed record StateIncrement(string Key, Fence Expected, Fence Next, IReadOnlyList<KeyValuePair<string, long>> Amounts);

/// <summary>
/// The store holds less of the log than it did: it came back empty, or older. What it lost is read again from where it says.
/// </summary>
public sealed class StateLostException(string message) : Exception(message);

/// <summary>Another writer changed a value that this process believed its own.</summary>
public sealed class StateFencedException(string message) : Exception(message);
