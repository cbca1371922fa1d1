using Strata.Clustering.Layers;

namespace Strata.Clustering.Reducer.Core;

internal static class SeedingRule
{
    private const int ItemsPerLayer = 20;

    /// <summary>
    /// Without a set: when there are items enough, or when all that were put have been read. With a set: when so much of the catalogue has
    /// changed since, when all that were put have been read and a change left layers without items, or when most items come from
    /// another encoder.
    /// </summary>
    /// <param name="set">The set that there is.</param>
    /// <param name="encoder">The catalogue's main encoder.</param>
    /// <param name="items">Items of that encoder.</param>
    /// <param name="changed">Items that are new, gone or of another text since the set was seeded.</param>
    /// <param name="atRest">True when all items that were put have been read.</param>
    /// <param name="layers">Says how many layers the catalogue wants.</param>
    /// <param name="options">The bounds.</param>
    public static bool IsDue(
        LayerSet? set, string encoder, int items, int changed, bool atRest, LayersOptions layers, ReducerOptions options)
    {
        if (items < options.LeastItems)
        {
            return false;
        }

        if (set is null)
        {
            return atRest || items >= Math.Max(options.EnoughItems, ItemsPerLayer * layers.LayersFor(items));
        }

        if (set.Encoder != encoder)
        {
            return atRest;
        }

        var share = (double)changed / Math.Max(1, set.SeededItems);
        return share >= options.ChangeToReseed
            || (atRest && changed > 0 && (share >= options.ChangeToReseedAtRest || HasGhosts(set)));
    }

    // Where the catalogue only seeds, layers are what points make them.
    private static bool HasGhosts(LayerSet set)
        => set.Count > 2 && set.Layers.Any(layer => layer.CatalogueWeight > 0)
            && set.Layers.Any(layer => layer.Name is { Items: < LayersOptions.LeastItems });
}
