using System.Diagnostics;
using Grpc.Core;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Local.Sample;
using IngestionClient = Strata.Contracts.Ingestion.V1.Ingestion.IngestionClient;
using RankingClient = Strata.Contracts.Ranking.V1.Ranking.RankingClient;

namespace Strata.Local.Traffic;

/// <summary>
/// Lets the simulated shoppers in, by the public API only: puts the catalogue, sends what they do in the order of time, shows some of them
/// slates and sends their reactions, and keeps score. A trial asks for a slate first and sends the event after: the slate knows the
/// shopper's past up to the act before, nothing later.
/// </summary>
internal sealed class ShopperTraffic(
    SampleCatalogue catalogue,
    ShopperSimulator simulator,
    IngestionClient ingestion,
    RankingClient ranking,
    TimeProvider time,
    TrafficOptions options,
    TrafficStatus status)
{
    private const int ItemsACall = 100;

    /// <summary>Events sent together when nothing has to be looked at in between.</summary>
    private const int MostInHand = 64;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan FirstSlateBudget = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ReadBudget = TimeSpan.FromMinutes(1);

    private readonly PopularityBaseline _popularity = new();
    private readonly Dictionary<string, string> _tokens = new(StringComparer.Ordinal);
    private readonly List<SimulatedEvent> _inHand = [];

    /// <summary>Puts the catalogue and waits until a slate from layers comes out.</summary>
    public async Task OpenShopAsync(CancellationToken cancellationToken)
    {
        foreach (var chunk in catalogue.Items.Chunk(ItemsACall))
        {
            var request = new PutItemsRequest();
            request.Items.AddRange(
                chunk.Select(item => new Item { ItemId = item.ItemId, Title = item.Title, Description = item.Description }));
            await ingestion.PutItemsAsync(request, cancellationToken: cancellationToken);
        }

        var first = new RecommendRequest { UserId = simulator.UserIds.First(), Count = options.SlateLength, DryRun = true };
        var started = time.GetTimestamp();
        while (!IsFromLayers(await ranking.RecommendAsync(first, cancellationToken: cancellationToken)))
        {
            if (time.GetElapsedTime(started) > FirstSlateBudget)
            {
                throw new TimeoutException($"No slate from layers within {FirstSlateBudget}.");
            }

            await Task.Delay(PollInterval, time, cancellationToken);
        }

        status.FirstSlateSeconds = (time.GetLocalNow() - Process.GetCurrentProcess().StartTime).TotalSeconds;
    }

    /// <summary>Sends the whole stream of the simulator, or goes on until cancelled where it has no end.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var events = new TrafficPublisher(ingestion, cancellationToken);
        var started = time.GetTimestamp();
        var touches = 0;
        var acts = 0;
        foreach (var next in simulator.Organic())
        {
            await PaceAsync(started, acts, cancellationToken);
            if (IsFirstTouch(next) && acts >= options.WarmUp && touches++ % options.TrialEvery == 0)
            {
                await SendAsync(events);
                await TryAsync(next, cancellationToken);
            }

            Take(next);
            if (++acts % options.SlateEvery == 0)
            {
                await SendAsync(events);
                await ShowSlateAsync(next, acts, cancellationToken);
            }

            if (_inHand.Count >= MostInHand || options.Rate > 0)
            {
                await SendAsync(events);
            }
        }

        await SendAsync(events);
        await SettleAsync(cancellationToken);
    }

    private static bool IsFromLayers(RecommendResponse slate) => slate.Items.Any(item => item.Layer is { LayerId: > 0 });

    private bool IsFirstTouch(SimulatedEvent next)
        => next is { ItemId: { } item, Action: not ShopperAction.Dismiss } && _popularity.IsNew(next.UserId, item);

    private async Task PaceAsync(long started, int acts, CancellationToken cancellationToken)
    {
        if (options.Rate > 0
            && TimeSpan.FromSeconds(acts / options.Rate) - time.GetElapsedTime(started) is { TotalMilliseconds: > 1 } ahead)
        {
            await Task.Delay(ahead, time, cancellationToken);
        }
    }

    private void Take(SimulatedEvent next)
    {
        _inHand.Add(next);
        if (next is { ItemId: { } item, Action: not ShopperAction.Dismiss })
        {
            _popularity.Count(next.UserId, item);
        }
    }

    private async Task SendAsync(TrafficPublisher events)
    {
        if (_inHand.Count == 0)
        {
            return;
        }

        var tokens = await events.PublishAsync(_inHand);
        for (var i = 0; i < tokens.Count; i++)
        {
            _tokens[_inHand[i].UserId] = tokens[i];
        }

        status.CountEvents(_inHand.Count);
        status.SimulatedTime = _inHand[^1].Time;
        status.Users = _popularity.Users;
        status.Acted(_inHand[^1], catalogue);
        _inHand.Clear();
    }

    private async Task TryAsync(SimulatedEvent next, CancellationToken cancellationToken)
    {
        var popular = _popularity.Top(next.UserId, (int)options.SlateLength);
        var slate = await RecommendAsync(next.UserId, dryRun: true, cancellationToken);
        status.CountTrial(slate.Items.Any(item => item.ItemId == next.ItemId), popular.Contains(next.ItemId));
    }

    private async Task ShowSlateAsync(SimulatedEvent act, int number, CancellationToken cancellationToken)
    {
        var slate = await RecommendAsync(act.UserId, dryRun: false, cancellationToken);
        status.CountSlate();

        // An item that was only looked at is known from the impression; sent as a view, the slate would feed on itself.
        var reactions = simulator.React(act.UserId, slate.RequestId, [.. slate.Items.Select(item => item.ItemId)], act.Time);
        foreach (var reaction in reactions.Where(reaction => reaction.Action != ShopperAction.View))
        {
            Take(reaction);
        }
    }

    /// <summary>Waits until everything sent has reached the profiles: what is looked at afterwards knows it all.</summary>
    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        foreach (var user in _tokens.Keys)
        {
            await RecommendAsync(user, dryRun: true, cancellationToken);
        }
    }

    /// <summary>
    /// A slate that knows the user's newest event. On a machine that is short of time the pipeline may need longer than one call waits:
    /// then it is asked again.
    /// </summary>
    private async Task<RecommendResponse> RecommendAsync(string userId, bool dryRun, CancellationToken cancellationToken)
    {
        var request = new RecommendRequest
        {
            UserId = userId,
            Count = options.SlateLength,
            DryRun = dryRun,
            AsOf = _tokens.GetValueOrDefault(userId, ""),
        };
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await ranking.RecommendAsync(request, cancellationToken: cancellationToken);
            }
            catch (RpcException fault) when (fault.StatusCode == StatusCode.DeadlineExceeded && time.GetElapsedTime(started) < ReadBudget)
            {
                await Task.Delay(PollInterval, time, cancellationToken);
            }
        }
    }
}
