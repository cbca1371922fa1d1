using Microsoft.Extensions.Options;
using Strata.Clustering.Catalogue;
using Strata.Clustering.CurrentLayers;
using Strata.Clustering.Layers;
using Strata.Clustering.Layers.Wire;
using Strata.Clustering.Reducer.Core;
using Strata.Contracts;
using Strata.Streaming.Publishing;

namespace Strata.Clustering.Reducer;

/// <summary>
/// Asks the reducer to seed the layer set. The reducer acts on records only, and before there is a set no worker sends any: so every
/// process that sees a catalogue ready and no set (or one that the catalogue has outgrown) puts a request into the deltas' log. There it
/// has its place in the order, the reducer publishes the set in the same transaction as the position behind the request, and requests that
/// come later find the set there and change nothing.
/// </summary>
internal sealed class SeedingTrigger(
    LayerTable layers,
    ItemTable catalogue,
    IPublisher publisher,
    IOptions<LayersOptions> layersOptions,
    IOptions<ReducerOptions> options,
    TimeProvider clock,
    ILogger<SeedingTrigger> logger) : BackgroundService
{
    /// <summary>True when this process would ask for a seeding now.</summary>
    public bool IsDue
        => layers.IsCaughtUp && catalogue.IsCaughtUp && catalogue.Main is var (encoder, items)
            && SeedingRule.IsDue(
                layers.Current?.Set,
                encoder,
                items,
                catalogue.ChangedSince(layers.Current?.Set),
                catalogue.Rest >= options.Value.SettleTime,
                layersOptions.Value,
                options.Value);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(
                IsDue && await AskAsync(stoppingToken) ? options.Value.AskAgainAfter : options.Value.CheckEvery, clock, stoppingToken);
        }
    }

    private async Task<bool> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            logger.AskingToSeed(catalogue.Main.Items);
            await publisher.PublishAsync(
                Topics.LayerDeltas, null, LayerDeltaCodec.SeedRequest(), clock.GetUtcNow(), cancellationToken, partition: 0);
            return true;
        }
        catch (PublishException fault) when (fault.Transient)
        {
            logger.AskingFailed(fault);
            return false;
        }
    }
}
