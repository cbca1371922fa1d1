using System.Diagnostics;
using StackExchange.Redis;
using Strata.Contracts;
using Strata.Evaluator.Reports;
using Strata.ServiceDefaults.Redis;
using Strata.ServiceDefaults.State;

namespace Strata.Cli.Rebuild;

/// <summary>
/// Has values in the store rebuilt by those who own them, beside what they do anyway: it gives the orders and watches the positions come
/// back. Slates say meanwhile that they are stale.
/// </summary>
internal sealed class Rebuilder(ConnectionMultiplexer store, TimeProvider time, Action<string> say)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Shown = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly IDatabase _redis = store.GetDatabase();

    /// <summary>Rebuilds one kind; returns how long it took.</summary>
    public async Task<TimeSpan> RunAsync(
        StateKind kind, IReadOnlyList<RebuildPlan> plans, IEvaluationProgress progress, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var tell = progress.Begin(kind.Name, Count(plans.Sum(plan => plan.Read)), "records");
        var done = 0L;
        foreach (var some in kind.Gently ? plans.Chunk(1) : plans.Chunk(Math.Max(1, plans.Count)))
        {
            foreach (var plan in some)
            {
                await SayAsync();
                await RebuildOrders.GiveAsync(_redis, kind.PositionsOf(plan.Partition), plan.Entries);
            }

            var (last, since) = (long.MaxValue, time.GetTimestamp());
            while (await LeftAsync(some) is { } left)
            {
                await SayAsync();
                (last, since) = left < last ? (left, time.GetTimestamp()) : (last, since);
                if (time.GetElapsedTime(since) > Patience)
                {
                    since = time.GetTimestamp();
                    say($"{kind.Name}: nothing moves for {Patience.TotalSeconds:F0} s; the order waits for {kind.Service}. Is it running?");
                }

                tell(Count(done + some.Sum(plan => plan.Read) - left));
                await Task.Delay(Poll, time, cancellationToken);
            }

            done += some.Sum(plan => plan.Read);
            tell(Count(done));
        }

        return Stopwatch.GetElapsedTime(started);
    }

    // Expires by itself, should nobody wait any more.
    private Task<bool> SayAsync() => _redis.StringSetAsync(Keys.Rebuilding, RedisValue.EmptyString, Shown);

    /// <summary>Records that are still to be read; null: all is as new as it was.</summary>
    private async Task<long?> LeftAsync(IReadOnlyList<RebuildPlan> plans)
    {
        var (left, pending) = (0L, false);
        foreach (var plan in plans)
        {
            pending |= await RebuildOrders.IsPendingAsync(_redis, plan.Kind.PositionsOf(plan.Partition)[0]);
            foreach (var (key, target) in plan.Targets)
            {
                var now = FenceBytes.TryRead(((byte[]?)await _redis.StringGetAsync(key)).AsSpan(), out var position) ? position : default;
                var at = now.Log == target.Log ? Math.Max(now.Next, plan.Begins[key]) : plan.Begins[key];
                left += Math.Max(0, target.Next - at);
                pending |= now.Next < target.Next && now.Log == target.Log;
            }
        }

        return pending || left > 0 ? left : null;
    }

    private static int Count(long records) => (int)Math.Min(records, int.MaxValue);
}
