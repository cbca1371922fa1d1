using Strata.Clustering.Layers;

namespace Strata.Clustering.Reducer.Core;

internal static class SeedingRule
{
    private const int ItemsPerLayer = 20;

    /// <summary>
    /// Without a set: when there are items enough, or when the catalogue has come to rest with a few. With a set: when the catalogue has
    /// grown several times over since, or when most of its items come from another encoder.
    /// </summary>
    /// <param name="encoder">The catalogue's main encoder.</param>
    /// <param name="items">Items of that encoder.</param>
    /// <param name="atRest">True when the catalogue has not changed for the settle time.</param>
    /// <param name="layers">Says how many layers the catalogue wants.</param>
    public static bool IsDue(LayerSet? set, string encoder, int items, bool atRest, LayersOptions layers, ReducerOptions options)
    {
        if (items < options.LeastItems)
        {
            return false;
        }

        if (set is null)
        {
            return atRest || items >= Math.Max(options.EnoughItems, ItemsPerLayer * layers.LayersFor(items));
        }

        return set.Encoder == encoder
            ? items >= options.GrowthToReseed * set.SeededItems * (atRest ? 1 : 2)
            : atRest;
    }
}
