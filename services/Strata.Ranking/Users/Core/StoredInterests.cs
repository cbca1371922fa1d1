using Strata.Contracts.Layers.V1;
using Strata.Contracts.State.V1;
using Strata.Ranking.Index.Core;

namespace Strata.Ranking.Users.Core;

/// <summary>A user's weight on a slot at both horizons, as of their last point.</summary>
public readonly record struct StoredInterest(int Slot, double LongTerm, double ShortTerm);

/// <summary>A user's weights of the store, resolved against the layers of a view. Pure.</summary>
public static class StoredInterests
{
    // Share of a user's weights below which what forgetting left says nothing.
    private const double LeastLeft = 0.05;

    /// <summary>
    /// The weights above zero on layers that are not muted, without what was forgotten. Weights on layers that are gone belong to their
    /// heirs, whether or not Clustering has come to this user since. Empty when nearly all was forgotten: what is left then are the tails
    /// of what is gone, and no interest to be scaled up.
    /// </summary>
    public static IReadOnlyList<StoredInterest> Of(CatalogueView view, UserLayers? stored, LayerControls controls)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(controls);
        var weights = new Dictionary<int, (double LongTerm, double ShortTerm)>();
        var from = 0;
        for (var g = 0; g < Math.Min(UserHistory.MaxLayers, stored?.LayerIds.Count ?? 0); g++)
        {
            var whole = g < stored!.LongWeights.Count && g < stored.ShortWeights.Count;
            var count = g < stored.TouchedCounts.Count ? (int)stored.TouchedCounts[g] : 0;
            var touched = stored.TouchedItemIds.Skip(from).Take(count);
            from += count;
            foreach (var (slot, share) in whole ? view.HeirsOf(stored.LayerIds[g], touched) : [])
            {
                var (longTerm, shortTerm) = weights.GetValueOrDefault(slot);
                weights[slot] = (longTerm + (stored.LongWeights[g] * share), shortTerm + (stored.ShortWeights[g] * share));
            }
        }

        var interests = new List<StoredInterest>(weights.Count);
        var (all, left) = (0.0, 0.0);
        foreach (var (slot, weight) in weights)
        {
            var (longTerm, shortTerm) = controls.Remaining(slot, weight.LongTerm, weight.ShortTerm, stored!.AsOfUnixMs);
            (all, left) = (all + weight.LongTerm, left + longTerm);
            if ((longTerm > 0 || shortTerm > 0) && controls.Of(slot) != LayerAction.Mute)
            {
                interests.Add(new StoredInterest(slot, longTerm, shortTerm));
            }
        }

        return left < all * LeastLeft ? [] : interests;
    }
}
