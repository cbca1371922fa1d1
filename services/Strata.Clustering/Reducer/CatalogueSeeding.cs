using Strata.Clustering.Catalogue;
using Strata.Clustering.Layers;
using Strata.Clustering.Reducer.Core;
using Strata.Clustering.Seeding;

namespace Strata.Clustering.Reducer;

/// <summary>Seeds layer sets from the catalogue as this process has it, when it calls for it and at a bounded cost.</summary>
internal sealed class CatalogueSeeding(
    ItemTable catalogue, LayersOptions layers, ReducerOptions options, TimeProvider clock, ILogger logger)
{
    // Seeding takes at most so manieth of the time.
    private const int CostShare = 10;

    private long _seededAt;
    private TimeSpan _cost;

    /// <summary>A new set in the place of <paramref name="before"/>; null when none is due, or none can be made.</summary>
    public LayerSet? Seed(LayerSet? before)
    {
        // Before the items: what changes in between counts as changed.
        var next = catalogue.Next;
        var (encoder, items) = catalogue.Snapshot();
        // Whoever asked has seen the catalogue at rest; this process's own may have changed a moment ago.
        if (!catalogue.IsCaughtUp || clock.GetElapsedTime(_seededAt) < _cost * CostShare
            || !SeedingRule.IsDue(before, encoder, items.Count, catalogue.ChangedSince(before), atRest: true, layers, options))
        {
            return null;
        }

        var start = clock.GetTimestamp();
        try
        {
            var set = LayerSeeding.Seed([.. items.Select(item => item.Vector)], encoder, layers, before);
            (_seededAt, _cost) = (clock.GetTimestamp(), clock.GetElapsedTime(start));
            logger.Seeded(set.Count, items.Count, set.Version, _cost.TotalMilliseconds);
            return set with { CatalogueNext = next };
        }
        catch (InvalidDataException fault)
        {
            // Nothing is served from vectors that say nothing; the request comes again, the catalogue may be another one by then.
            logger.CannotSeed(fault.Message);
            return null;
        }
    }

    /// <summary>Shows the catalogue to a stream whose layers are of the same encoder.</summary>
    public void Show(LayerStream stream)
    {
        var (encoder, items) = catalogue.Snapshot();
        if (encoder == stream.Set.Encoder)
        {
            stream.Show([.. items.Select(item => item.Vector)]);
        }
    }
}
