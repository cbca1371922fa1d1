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

            var at = Raise(counts, outcome.LayerId, outcome.Chosen, outcome.Shown);
            if (ratesOf(outcome.LayerId) is { } rates)
            {
                counts.Evidence[at] = (float)LayerLiking.After(counts.Evidence[at], outcome.Chosen, outcome.Shown, rates);
            }
        }

        for (var i = 0; i < counts.Evidence.Count; i++)
        {
            counts.Evidence[i] = (float)LayerLiking.Fade(counts.Evidence[i], shown);
        }

        Bound(counts);
    }

    /// <summary>
    /// Adds the counts of another one, as if one user had done what both did: logarithms of Bayes factors of different outcomes add up.
    /// </summary>
    public static void Merge(UserPolicy counts, UserPolicy other, TimeSpan halfLife)
    {
        ReadOld(counts);
        ReadOld(other);
        DecayTo(counts, other.AsOfUnixMs, halfLife);
        var late = (float)Decay.Factor(counts.AsOfUnixMs - other.AsOfUnixMs, halfLife);
        for (var i = 0; i < other.LayerIds.Count; i++)
        {
            var at = Raise(counts, other.LayerIds[i], other.Clicks[i] * late, other.Shown[i] * late);
            counts.Evidence[at] += other.Evidence[i] * late;
        }

        Bound(counts);
    }

    private static int Raise(UserPolicy counts, uint layerId, float chosen, float shown)
    {
        var at = counts.LayerIds.IndexOf(layerId);
        if (at < 0)
        {
            at = counts.LayerIds.Count;
            counts.LayerIds.Add(layerId);
            counts.Clicks.Add(0);
            counts.Shown.Add(0);
            counts.Evidence.Add(0);
            counts.EvidenceLayerIds.Add(layerId);
        }

        counts.Clicks[at] += chosen;
        counts.Shown[at] += shown;
        return at;
    }

    private static void Bound(UserPolicy counts)
    {
        while (counts.LayerIds.Count > MaxLayers)
        {
            RemoveLeastShown(counts);
        }
    }

    // A release before kept counts alone, or changed the layers beside the evidence that it did not know.
    private static void ReadOld(UserPolicy counts)
    {
        if (counts.EvidenceLayerIds.Equals(counts.LayerIds))
        {
            return;
        }

        float[] evidence =
        [
            .. counts.LayerIds.Select((id, i) => counts.EvidenceLayerIds.IndexOf(id) is >= 0 and var at
                ? counts.Evidence[at]
                : (float)LayerLiking.OfCounts(counts.Clicks[i], counts.Shown[i])),
        ];
        counts.Evidence.Clear();
        counts.Evidence.AddRange(evidence);
        counts.EvidenceLayerIds.Clear();
        counts.EvidenceLayerIds.AddRange(counts.LayerIds);
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
        counts.EvidenceLayerIds.RemoveAt(least);
    }
}
