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
            if (outcome.LayerId == 0)
            {
                continue;
            }

            var at = counts.LayerIds.IndexOf(outcome.LayerId);
            if (at < 0)
            {
                at = counts.LayerIds.Count;
                counts.LayerIds.Add(outcome.LayerId);
                counts.Clicks.Add(0);
                counts.Shown.Add(0);
            }

            counts.Clicks[at] += outcome.Chosen;
            counts.Shown[at] += outcome.Shown;
        }

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
