using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;
using Strata.Numerics;
using Strata.RankingModel;

namespace Strata.Optimizer.LayerPolicy;

/// <summary>How one user took what was shown from which layer: decayed counts of at most 32 layers, and what they say of liking.</summary>
internal static class UserLayerCounts
{
    /// <summary>Layers kept; the one with the fewest decayed impressions gives way.</summary>
    public const int MaxLayers = 32;

    /// <summary>Adds the outcomes of one slate. Layer 0 (none) is nobody's interest and is left out.</summary>
    /// <param name="counts">Counts of the user.</param>
    /// <param name="outcomes">One a layer.</param>
    /// <param name="ratesOf">Click rates by layer as the slate was made; null: they say nothing of liking.</param>
    /// <param name="timeUnixMs">Event time of the slate.</param>
    /// <param name="halfLife">Of counts and evidence.</param>
    public static void Add(
        UserPolicy counts,
        IEnumerable<TrainingExample.Types.LayerOutcome> outcomes,
        Func<uint, LikingRates?> ratesOf,
        long timeUnixMs,
        TimeSpan halfLife)
    {
        ReadOld(counts);
        DecayTo(counts, timeUnixMs, halfLife);
        var shown = 0.0;
        foreach (var outcome in outcomes)
        {
            shown += outcome.Shown;
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
                counts.Evidence.Add(0);
            }

            counts.Clicks[at] += outcome.Chosen;
            counts.Shown[at] += outcome.Shown;
            if (ratesOf(outcome.LayerId) is { } rates)
            {
                counts.Evidence[at] = (float)LayerLiking.After(counts.Evidence[at], outcome.Chosen, outcome.Shown, rates);
            }
        }

        for (var i = 0; i < counts.Evidence.Count; i++)
        {
            counts.Evidence[i] = (float)LayerLiking.Fade(counts.Evidence[i], shown);
        }

        while (counts.LayerIds.Count > MaxLayers)
        {
            RemoveLeastShown(counts);
        }
    }

    // A release before kept counts alone.
    private static void ReadOld(UserPolicy counts)
    {
        for (var i = counts.Evidence.Count; i < counts.LayerIds.Count; i++)
        {
            counts.Evidence.Add((float)LayerLiking.OfCounts(counts.Clicks[i], counts.Shown[i]));
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
            counts.Evidence[i] *= keep;
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
        counts.Evidence.RemoveAt(least);
    }
}
