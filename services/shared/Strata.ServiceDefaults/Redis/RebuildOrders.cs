using StackExchange.Redis;
using Strata.Contracts;

namespace Strata.ServiceDefaults.Redis;

/// <summary>
/// Orders of operators to rebuild values from the log. A key has one writer, so an operator drops nothing by hand: it says what, takes the
/// position away, and the owner, who notices that, does it before it reads the log again.
/// </summary>
public static class RebuildOrders
{
    /// <summary>Values put at once: more would hold up everybody else on the shard.</summary>
    private const int AtOnce = 256;

    // An order that nobody waits for any more is not followed by an owner that starts long after it.
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Orders the owner of <paramref name="positions"/> to put values back, or to drop them, and to go on from other positions. An order
    /// that is not followed yet is replaced.
    /// </summary>
    /// <param name="redis">The store.</param>
    /// <param name="positions">Keys of the owner's positions, <see cref="Keys.Position"/>: in the order in which it reads them.</param>
    /// <param name="entries">Keys and the values that are to lie there, null: none. Positions too; one that is not named goes.</param>
    public static async Task GiveAsync(
        IDatabase redis, IReadOnlyList<string> positions, IEnumerable<(string Key, ReadOnlyMemory<byte>? Value)> entries)
    {
        ArgumentNullException.ThrowIfNull(redis);
        ArgumentNullException.ThrowIfNull(positions);
        var (draft, order) = (Keys.RebuildDraft(positions[0]), Keys.RebuildOrder(positions[0]));
        await redis.KeyDeleteAsync(draft);
        await redis.HashSetAsync(draft, [.. positions.Select(position => new HashEntry(position, RedisValue.EmptyString))]);
        foreach (var some in entries.Chunk(AtOnce))
        {
            await redis.HashSetAsync(
                draft, [.. some.Select(entry => new HashEntry(entry.Key, entry.Value is { } value ? value : RedisValue.EmptyString))]);
        }

        // Whole before it is seen, and seen before the owner starts again.
        await redis.KeyExpireAsync(draft, Kept);
        await redis.KeyRenameAsync(draft, order);
        await Task.WhenAll(positions.Select(position => redis.KeyDeleteAsync(position)));
    }

    /// <summary>True until the owner has followed the order. Whoever asks keeps it for ten minutes more.</summary>
    public static Task<bool> IsPendingAsync(IDatabase redis, string position)
    {
        ArgumentNullException.ThrowIfNull(redis);
        return redis.KeyExpireAsync(Keys.RebuildOrder(position), Kept);
    }

    /// <summary>
    /// Follows a part of the order at <paramref name="position"/>, if there is one; true when more is left. Positions come last: an owner
    /// that ends in between begins its successor here again.
    /// </summary>
    internal static async Task<bool> FollowSomeAsync(IDatabase redis, string position)
    {
        var order = Keys.RebuildOrder(position);
        var (values, positions) = (new List<HashEntry>(), new List<HashEntry>());
        await foreach (var entry in redis.HashScanAsync(order, pageSize: AtOnce))
        {
            (((string)entry.Name!).StartsWith(Keys.PositionPrefix, StringComparison.Ordinal) ? positions : values).Add(entry);
            if (values.Count == AtOnce)
            {
                break;
            }
        }

        if (values.Count > 0)
        {
            await PutAsync(redis, values);
            await redis.HashDeleteAsync(order, [.. values.Select(entry => entry.Name)]);
            return true;
        }

        await PutAsync(redis, positions);
        await redis.KeyDeleteAsync(order);
        return false;
    }

    private static Task<bool[]> PutAsync(IDatabase redis, List<HashEntry> entries)
        => Task.WhenAll(entries.Select(entry => entry.Value.Length() > 0
            ? redis.StringSetAsync((string)entry.Name!, entry.Value)
            : redis.KeyDeleteAsync((string)entry.Name!)));
}
