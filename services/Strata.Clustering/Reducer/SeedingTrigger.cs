using Microsoft.Extensions.Options;
using Strata.Clustering.Catalogue;
using Strata.Clustering.CurrentLayers;
using Strata.Clustering.Layers;
using Strata.Clustering.Layers.Wire;
using Strata.Clustering.Reducer.Core;
using Strata.Contracts;
using Strata.Streaming.Publishing;
using Strata.Streaming.Topology;

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
    IGroupProgress progress,
    IOptions<LayersOptions> layersOptions,
    IOptions<ReducerOptions> options,
    TimeProvider clock,
    ILogger<SeedingTrigger> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(
                await IsDueAsync(stoppingToken) && await AskAsync(stoppingToken) ? options.Value.AskAgainAfter : options.Value.CheckEvery,
                clock,
                stoppingToken);
        }
    }

    // A pause of a slow encoder is no end: at rest is a catalogue of which Featurizer has read all that was put.
    private async ValueTask<bool> IsDueAsync(CancellationToken cancellationToken)
        => IsDue(atRest: false)
            || (catalogue.Rest >= options.Value.SettleTime && IsDue(atRest: true)
                && await progress.HasReadAllAsync(ConsumerGroups.ItemsGroup, Topics.Items, cancellationToken));

    private bool IsDue(bool atRest)
        => layers.IsCaughtUp && catalogue.IsCaughtUp && catalogue.Main is var (encoder, items)
            && SeedingRule.IsDue(
                layers.Current?.Set,
                encoder,
                items,
                catalogue.ChangedSince(layers.Current?.Set),
                atRest,
                layersOptions.Value,
                options.Value);

    private async Task<bool> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            logger.AskingToSeed(catalogue.Main.Items);
            await publisher.PublishAsync(
                Topics.LayerDeltas, Keys.LayerCommand, LayerCommandCodec.Seed(), clock.GetUtcNow(), cancellationToken, partition: 0);
            return true;
        }
        catch (PublishException fault) when (fault.Transient)
        {
            logger.AskingFailed(fault);
            return false;
        }
    }
}
