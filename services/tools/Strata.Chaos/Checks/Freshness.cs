using System.Diagnostics;
using System.Globalization;
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
internal sealed class Freshness(Fleet fleet, RedisStore redis, Producer producer, LogTail tail, GroupPositions groups)
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);

    private int _probes;

    /// <summary>Waits until it is.</summary>
    /// <param name="budget">After which it gives up: the time is then the budget.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Recovery> UntilFreshAsync(TimeSpan budget, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(budget);
        var waits = new Waits();
        try
        {
            var user = $"probe-{_probes++}";
            waits.For("the acknowledgement of an event");
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
                waits.For($"a slate of {ranking.Name} that knows it");
                await UntilAsync(() => SlateClient.KnowsAsync(ranking, user, asOf!, end.Token), end.Token);
            }

            waits.For("its user's weights on layers");
            await using var store = await redis.ConnectAsync();
            await UntilAsync(async () => await store.GetDatabase().KeyExistsAsync(Keys.UserLayers(user)), end.Token);
            waits.For("its record among the committed ones");
            await UntilAsync(() => Task.FromResult(tail.Missing([user]).Count == 0), end.Token);
            var last = tail.Last();
            while (await groups.BehindAsync(last) is { } behind)
            {
                waits.For(behind);
                await Task.Delay(Between, end.Token);
            }

            var version = tail.LayerSetVersion;
            foreach (var ranking in fleet.Of("Ranking"))
            {
                waits.For($"layer set {version} in a slate of {ranking.Name}");
                await UntilAsync(async () => await SlateClient.VersionAsync(ranking, user, end.Token) >= version, end.Token);
            }

            return new Recovery(Stopwatch.GetElapsedTime(started), null, waits.Longest());
        }
        catch (Exception fault) when (end.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new Recovery(budget, $"{waits.Last} ({fault.GetType().Name})", waits.Longest());
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, CancellationToken cancellationToken)
    {
        while (!await condition())
        {
            await Task.Delay(Between, cancellationToken);
        }
    }

    /// <summary>What was waited for, and how long.</summary>
    private sealed class Waits
    {
        private readonly List<(string What, long Since)> _begun = [];

        public string Last => _begun[^1].What;

        public void For(string what)
        {
            if (_begun.Count == 0 || what != Last)
            {
                _begun.Add((what, Stopwatch.GetTimestamp()));
            }
        }

        public string Longest()
        {
            _begun.Add(("", Stopwatch.GetTimestamp()));
            var (what, seconds) = _begun.Zip(_begun.Skip(1))
                .Select(pair => (pair.First.What, Stopwatch.GetElapsedTime(pair.First.Since, pair.Second.Since).TotalSeconds))
                .MaxBy(wait => wait.TotalSeconds);
            return string.Create(CultureInfo.InvariantCulture, $"{what} ({seconds:F1} s)");
        }
    }
}

/// <summary>How a system became fresh.</summary>
/// <param name="Took">How long that took.</param>
/// <param name="Missing">What was still missing at the end of the budget; null: it is fresh.</param>
/// <param name="Longest">What was waited for longest.</param>
internal sealed record Recovery(TimeSpan Took, string? Missing, string Longest);
