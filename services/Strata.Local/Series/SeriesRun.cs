using Strata.Local.Sample;
using Strata.Local.Summary;
using Strata.Local.Traffic;

namespace Strata.Local.Series;

/// <summary>
/// Replays the shoppers' events to their end, and measures on the way: first what users who are new get, then how well layers agree with
/// topics. By then every earlier event lies in the users' weights.
/// </summary>
internal sealed class SeriesRun(
    IServiceProvider services,
    Shop shop,
    ShopperTraffic traffic,
    FreshUsers fresh,
    TrafficStatus status,
    SimulationOptions simulation,
    SeriesOptions options)
{
    private readonly SampleCatalogue _sample = SampleCatalogue.Load();

    /// <summary>What is in the shop at first.</summary>
    public SampleCatalogue First => options.ReplaceAt is null ? _sample : EveryOther(0);

    private SampleCatalogue Second => EveryOther(1);

    /// <summary>Opens the shop: puts the catalogue and waits until a slate from layers comes out.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await shop.PutAsync(First, options.ArrivalCalls, options.ArrivalPause, cancellationToken);
        await traffic.OpenAsync("shopper-0001", cancellationToken);
    }

    /// <summary>Runs to the end.</summary>
    /// <param name="measured">Told each row as soon as it is there, and the agreement that it is made of.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RunAsync(Action<SeriesRow, LayerAgreement> measured, CancellationToken cancellationToken)
    {
        var simulator = new ShopperSimulator(shop.Catalogue, simulation);
        await shop.IntroduceAsync(simulator, cancellationToken);
        var walk = Walk(simulator).GetEnumerator();
        foreach (var stop in options.Stops)
        {
            await traffic.RunAsync(simulator, Next(walk, stop - traffic.Acts), cancellationToken);
            if (options.HostileClicks > 0 && stop == options.HostileAt)
            {
                var clicks = HostileUser.Clicks(shop.Catalogue, options.HostileClicks, status.SimulatedTime!.Value, simulation.Seed);
                await traffic.SendAsync(clicks, cancellationToken);
            }

            if (options.Measured.Contains(stop))
            {
                var (row, agreement) = await MeasureAsync(stop, cancellationToken);
                measured(row, agreement);
            }

            if (stop == options.ReplaceAt)
            {
                await shop.ReplaceAsync(Second, cancellationToken);
                simulator = new ShopperSimulator(shop.Catalogue, simulation with { Start = status.SimulatedTime!.Value });
                walk = Walk(simulator).GetEnumerator();
            }
        }
    }

    private SampleCatalogue EveryOther(int remainder)
    {
        var topics = _sample.Topics.Where((_, index) => index % 2 == remainder).ToHashSet(StringComparer.Ordinal);
        return _sample.Only(topics.Contains);
    }

    private static IEnumerable<SimulatedEvent> Next(IEnumerator<SimulatedEvent> walk, int count)
    {
        for (; count > 0 && walk.MoveNext(); count--)
        {
            yield return walk.Current;
        }
    }

    private IEnumerable<SimulatedEvent> Walk(ShopperSimulator simulator)
        => options.Searches is { } share
            ? SearchShare.Of(simulator.Organic(), shop.Catalogue, share, simulation.Seed)
            : simulator.Organic();

    private async Task<(SeriesRow Row, LayerAgreement Agreement)> MeasureAsync(int events, CancellationToken cancellationToken)
    {
        var (searches, searchShare, without) = await fresh.SearchAsync(shop.Catalogue, $"{events}", cancellationToken);
        var clickShare = await fresh.ClickAsync(shop.Catalogue, $"{events}", cancellationToken);
        var agreement = LayerAgreement.Measure(services, shop.Catalogue, simulation.Seed);
        var row = new SeriesRow(
            events, agreement.Nmi, agreement.NmiFresh, searches, agreement.EmptyShare, searchShare, clickShare)
        {
            SearchesWithoutWeight = without,
        };
        return (row, agreement);
    }
}
