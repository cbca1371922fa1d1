using System.Diagnostics;
using Strata.Contracts.Ranking.V1;
using Strata.Local.Sample;
using IngestionClient = Strata.Contracts.Ingestion.V1.Ingestion.IngestionClient;

namespace Strata.Local.Traffic;

/// <summary>
/// Lets the simulated shoppers in, by the public API only: sends what they do in the order of time, shows some of them slates and sends
/// their reactions, and keeps score. A trial asks for a slate first and sends the event after: the slate knows the shopper's past up to the
/// act before, nothing later.
/// </summary>
internal sealed class ShopperTraffic(
    Shop shop,
    IngestionClient ingestion,
    SlateReader slates,
    TimeProvider time,
    TrafficOptions options,
    TrafficStatus status)
{
    /// <summary>Events sent together when nothing has to be looked at in between.</summary>
    private const int MostInHand = 64;

    /// <summary>Events of one user alone after which their profile is waited for: the log of the embedded broker is short.</summary>
    private const int MostAhead = 1_024;

    private readonly PopularityBaseline _popularity = new();
    private readonly Dictionary<string, string> _tokens = new(StringComparer.Ordinal);
    private readonly List<SimulatedEvent> _inHand = [];
    private int _touches;
    private int _acts;

    /// <summary>What all streams took together.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>Events of the shoppers' own so far; what they did with slates is not among them.</summary>
    public int Acts => Volatile.Read(ref _acts);

    /// <summary>Waits until a slate from layers comes out.</summary>
    public async Task OpenAsync(string userId, CancellationToken cancellationToken)
    {
        await slates.WaitForLayersAsync(userId, cancellationToken);
        status.FirstSlateSeconds = (time.GetLocalNow() - Process.GetCurrentProcess().StartTime).TotalSeconds;
    }

    /// <summary>Sends a stream to its end, or goes on until cancelled where it has none.</summary>
    /// <param name="simulator">Whose shoppers react to slates.</param>
    /// <param name="stream">What they do by themselves.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    public async Task RunAsync(ShopperSimulator simulator, IEnumerable<SimulatedEvent> stream, CancellationToken cancellationToken)
    {
        await using var events = new TrafficPublisher(ingestion, cancellationToken);
        var (started, before) = (time.GetTimestamp(), _acts);
        foreach (var next in stream)
        {
            await PaceAsync(started, _acts - before, cancellationToken);
            if (IsFirstTouch(next) && IsTried() && _touches++ % options.TrialEvery == 0)
            {
                await SendAsync(events);
                await TryAsync(next, cancellationToken);
            }

            Take(next);
            Volatile.Write(ref _acts, _acts + 1);
            if (_acts % options.SlateEvery == 0)
            {
                await SendAsync(events);
                await ShowSlateAsync(simulator, next, cancellationToken);
            }

            if (_inHand.Count >= MostInHand || options.Rate > 0)
            {
                await SendAsync(events);
            }
        }

        await SendAsync(events);
        await SettleAsync(cancellationToken);
        Elapsed += time.GetElapsedTime(started);
    }

    /// <summary>Sends what one user does, as fast as it goes.</summary>
    public async Task SendAsync(IEnumerable<SimulatedEvent> stream, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        await using var events = new TrafficPublisher(ingestion, cancellationToken);
        foreach (var chunk in stream.Chunk(MostAhead))
        {
            foreach (var hand in chunk.Chunk(MostInHand))
            {
                _inHand.AddRange(hand);
                await SendAsync(events);
            }

            await RecommendAsync(chunk[^1].UserId, dryRun: true, cancellationToken);
        }

        Elapsed += time.GetElapsedTime(started);
    }

    private bool IsFirstTouch(SimulatedEvent next)
        => next is { ItemId: { } item, Action: not ShopperAction.Dismiss } && _popularity.IsNew(next.UserId, item);

    private bool IsTried() => _acts >= options.WarmUp && !(_acts >= options.LastTrial);

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
            if (tokens[i] is { } token)
            {
                _tokens[_inHand[i].UserId] = token;
            }
        }

        status.CountEvents(tokens.Count(token => token is not null));
        status.SimulatedTime = _inHand[^1].Time;
        status.Users = _popularity.Users;
        status.Acted(_inHand[^1], shop.Catalogue);
        _inHand.Clear();
    }

    private async Task TryAsync(SimulatedEvent next, CancellationToken cancellationToken)
    {
        var popular = _popularity.Top(next.UserId, (int)options.SlateLength);
        var slate = await RecommendAsync(next.UserId, dryRun: true, cancellationToken);
        status.CountTrial(slate.Items.Any(item => item.ItemId == next.ItemId), popular.Contains(next.ItemId));
    }

    private async Task ShowSlateAsync(ShopperSimulator simulator, SimulatedEvent act, CancellationToken cancellationToken)
    {
        var slate = await RecommendAsync(act.UserId, dryRun: false, cancellationToken);
        status.CountSlate();

        // An item that was only looked at is known from the impression; sent as a view, the slate would feed on itself. Nobody can open an
        // item that the shop has just taken out.
        var reactions = simulator.React(act.UserId, slate.RequestId, [.. slate.Items.Select(item => item.ItemId)], act.Time)
            .Where(reaction => reaction.Action != ShopperAction.View && shop.Catalogue.Find(reaction.ItemId!) is not null);
        foreach (var reaction in reactions)
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

    private Task<RecommendResponse> RecommendAsync(string userId, bool dryRun, CancellationToken cancellationToken)
        => slates.ReadAsync(
            new RecommendRequest
            {
                UserId = userId,
                Count = options.SlateLength,
                DryRun = dryRun,
                AsOf = _tokens.GetValueOrDefault(userId, ""),
            },
            cancellationToken);
}
