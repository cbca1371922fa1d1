using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using Strata.Contracts;

namespace Strata.ServiceDefaults.State;

/// <summary>Moves values that cannot be used out of the way, with all that they are: whatever type they have.</summary>
internal sealed class Quarantine(StateMetrics metrics, ILogger<Quarantine> logger)
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>
    /// Moves a value if it still is <paramref name="expected"/>; empty: whatever it is. True when it was moved: by another attempt it is
    /// gone already.
    /// </summary>
    public async Task<bool> MoveAsync(IDatabase redis, string key, ReadOnlyMemory<byte> expected, string reason)
    {
        var aside = Keys.Quarantine(key);
        bool moved;
        if (redis.Multiplexer.GetHashSlot(key) == redis.Multiplexer.GetHashSlot(aside))
        {
            var answer = await redis.ScriptEvaluateAsync(StateScripts.Rename, [key, aside], [expected, (long)Kept.TotalSeconds]);
            moved = (int)answer == 1;
        }
        else
        {
            moved = await CopyAsync(redis, key, aside, expected);
        }

        if (moved)
        {
            metrics.SetAside(Keys.KindOf(key));
            logger.ValueSetAside(key, reason);
        }

        return moved;
    }

    // In a cluster the two may lie on different shards: first the copy, then the original.
    private static async Task<bool> CopyAsync(IDatabase redis, string key, string aside, ReadOnlyMemory<byte> expected)
    {
        if (await redis.KeyDumpAsync(key) is not { } dump)
        {
            return false;
        }

        await redis.KeyDeleteAsync(aside);
        await redis.KeyRestoreAsync(aside, dump, Kept);
        if ((int)await redis.ScriptEvaluateAsync(StateScripts.Delete, [key], [expected]) == 1)
        {
            return true;
        }

        await redis.KeyDeleteAsync(aside); // it is another value by now, and a good one for all that is known
        return false;
    }
}
