using System.Diagnostics;
using Google.Protobuf.WellKnownTypes;
using Strata.Chaos.Load;
using Strata.Chaos.Stack;
using Strata.Contracts;
using Strata.Contracts.Events.V1;

namespace Strata.Chaos.Checks;

/// <summary>
/// Whether the system is as fresh as it should be: a new user's first event is acknowledged, every Ranking's slate knows it, the user has
/// weights on layers, and every consumer group has committed all that the log held then.
/// </summary>
internal sealed class Freshness(Fleet fleet, RedisServer redis, Producer producer, LogTail tail, GroupPositions groups)
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);

    private int _probes;

    /// <summary>Waits until it is; how long that took, and what was still missing last.</summary>
    /// <param name="budget">After which it gives up: the time is then the budget.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<(TimeSpan Took, string? Missing)> UntilFreshAsync(TimeSpan budget, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(budget);
        var missing = "the acknowledgement of an event";
        try
        {
            var user = $"probe-{_probes++}";
            var asOf = await producer.PublishAsync(
                new UserEvent
                {
                    EventId = user,
                    UserId = user,
                    Kind = EventKind.Click,
                    ItemId = ShopCatalogue.Items[_probes % ShopCatalogue.Items.Count].ItemId,
                    EventTime = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow()),
                },
                end.Token);
            foreach (var ranking in fleet.Of("Ranking"))
            {
                missing = $"a slate of {ranking.Name} that knows it";
                await UntilAsync(() => SlateClient.KnowsAsync(ranking, user, asOf!, end.Token), end.Token);
            }

            missing = "its user's weights on layers";
            await using var store = await redis.ConnectAsync();
            await UntilAsync(async () => await store.GetDatabase().KeyExistsAsync(Keys.UserLayers(user)), end.Token);
            missing = "its record among the committed ones";
            await UntilAsync(() => Task.FromResult(tail.Missing([user]).Count == 0), end.Token);
            var last = tail.Last();
            await UntilAsync(async () => (missing = await groups.BehindAsync(last)) is null, end.Token);
            var version = tail.LayerSetVersion;
            foreach (var ranking in fleet.Of("Ranking"))
            {
                missing = $"layer set {version} in a slate of {ranking.Name}";
                await UntilAsync(async () => await SlateClient.VersionAsync(ranking, user, end.Token) >= version, end.Token);
            }

            return (Stopwatch.GetElapsedTime(started), null);
        }
        catch (Exception fault) when (end.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return (budget, $"{missing} ({fault.GetType().Name})");
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, CancellationToken cancellationToken)
    {
        while (!await condition())
        {
            await Task.Delay(Between, cancellationToken);
        }
    }
}
