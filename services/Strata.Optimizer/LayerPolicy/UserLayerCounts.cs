using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;
using Strata.Numerics;

namespace Strata.Optimizer.LayerPolicy;

/// <summary>How one user took what was shown from which layer: decayed counts of at most 16 layers.</summary>
internal static class UserLayerCounts
{
    /// <summary>Layers kept; the one with the fewest decayed impressions gives way.</summary>
    public const int MaxLayers = 16;

    /// <summary>Adds the outcomes of one slate. Layer 0 (none) is nobody's interest and is left out.</summary>
    public static void Add(UserPolicy counts, IEnumerable<TrainingExample.Types.LayerOutcome> outcomes, long timeUnixMs, TimeSpan halfLife)
    {
        DecayTo(counts, timeUnixMs, halfLife);
        foreach (var outcome in outcomes)
        {
            if (outcome.LayerId != 0)
            {
                Raise(counts, outcome.LayerId, outcome.Chosen, outcome.Shown);
            }
        }

        Bound(counts);
    }

    /// <summary>Adds the counts of another one, as if one user had done what both did.</summary>
    public static void Merge(UserPolicy counts, UserPolicy other, TimeSpan halfLife)
    {
        DecayTo(counts, other.AsOfUnixMs, halfLife);
        var late = (float)Decay.Factor(counts.AsOfUnixMs - other.AsOfUnixMs, halfLife);
        for (var i = 0; i < other.LayerIds.Count; i++)
        {
            Raise(counts, other.LayerIds[i], other.Clicks[i] * late, other.Shown[i] * late);
        }

        Bound(counts);
    }

    private static void Raise(UserPolicy counts, uint layerId, float chosen, float shown)
    {
        var at = counts.LayerIds.IndexOf(layerId);
        if (at < 0)
        {
            at = counts.LayerIds.Count;
            counts.LayerIds.Add(layerId);
            counts.Clicks.Add(0);
            counts.Shown.Add(0);
        }

        counts.Clicks[at] += chosen;
        counts.Shown[at] += shown;
    }

    private static void Bound(UserPolicy counts)
    {
        while (counts.LayerIds.Count > MaxLayers)
        {
            RemoveLeastShown(counts);
        }
    }

    private static void DecayTo(UserPolicy counts, long timeUnixMs, TimeSpan halfLife)
    {
        if (timeUnixMs <= counts.AsOfUnixMs)
        {
            return;
        }

        var keep = (float)Decay.Factor(timeUnixMs - counts.AsOfUnixMs, halfLife);
        counts.AsOfUnixMs = timeUnixMs;
        for (var i = 0; i < counts.LayerIds.Count; i++)
        {
            counts.Clicks[i] *= keep;
            counts.Shown[i] *= keep;
        }
    }

    private static void RemoveLeastShown(UserPolicy counts)
    {
        var least = 0;
        for (var i = 1; i < counts.LayerIds.Count; i++)
        {
            least = counts.Shown[i] < counts.Shown[least] ? i : least;
        }

        counts.LayerIds.RemoveAt(least);
        counts.Clicks.RemoveAt(least);
        counts.Shown.RemoveAt(least);
    }
}
