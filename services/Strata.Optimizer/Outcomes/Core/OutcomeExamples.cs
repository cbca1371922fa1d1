using Strata.Contracts.Ranking.V1;
using Strata.Optimizer.LayerPolicy;
using Strata.RankingModel;

namespace Strata.Optimizer.Outcomes.Core;

/// <summary>What a resolved impression teaches.</summary>
internal static class OutcomeExamples
{
    /// <summary>
    /// Per layer: items shown, weighted by <see cref="Examination"/>, and items chosen. In the order in which the slate shows the layers
    /// first.
    /// </summary>
    public static IReadOnlyList<TrainingExample.Types.LayerOutcome> Layers(ResolvedImpression resolved)
    {
        var outcomes = new List<TrainingExample.Types.LayerOutcome>();
        for (var i = 0; i < resolved.Impression.Shown.Count; i++)
        {
            var shown = resolved.Impression.Shown[i];
            var outcome = outcomes.Find(o => o.LayerId == shown.LayerId);
            if (outcome is null)
            {
                outcome = new TrainingExample.Types.LayerOutcome { LayerId = shown.LayerId };
                outcomes.Add(outcome);
            }

            outcome.Shown += (float)Examination.Of(shown.Position);
            outcome.Chosen += resolved.Chosen.Contains(i) ? 1 : 0;
        }

        foreach (var outcome in outcomes)
        {
            outcome.Liked = (float)LikedAfter(resolved.Impression, outcome);
        }

        return outcomes;
    }

    /// <summary>
    /// One example a chosen item; one without a positive when nothing was chosen. Only the first carries the layers' outcomes, so that they
    /// count once.
    /// </summary>
    public static IEnumerable<TrainingExample> Of(ResolvedImpression resolved, double maxWeight)
    {
        var first = true;
        foreach (var index in resolved.Chosen.DefaultIfEmpty(-1))
        {
            var example = Of(resolved.Impression, index, maxWeight);
            if (first)
            {
                example.Outcomes.AddRange(Layers(resolved));
                example.Chosen.AddRange(resolved.Chosen.Select(chosen => (uint)chosen));
                example.Expected.AddRange(resolved.Impression.Shown.Select(shown => ExpectedOf(resolved.Impression, shown.LayerId)));
                first = false;
            }

            yield return example;
        }
    }

    /// <summary>
    /// What a choice teaches that came after the slate was settled: the item as chosen, and one more choice of its layer, whose items were
    /// counted as shown then.
    /// </summary>
    public static TrainingExample Of(LateOutcome late, double maxWeight)
    {
        var example = Of(late.Impression, late.Index, maxWeight);
        example.Outcomes.Add(LayerOf(late));
        return example;
    }

    /// <summary>How the layer of what was chosen late fared, beyond what was counted.</summary>
    public static TrainingExample.Types.LayerOutcome LayerOf(LateOutcome late)
    {
        var all = Layers(new ResolvedImpression(late.Impression, late.Chosen))
            .First(outcome => outcome.LayerId == late.Impression.Shown[late.Index].LayerId);
        return new TrainingExample.Types.LayerOutcome { LayerId = all.LayerId, Chosen = 1, Liked = all.Liked };
    }

    private static TrainingExample Of(OpenImpression slate, int index, double maxWeight)
    {
        var example = new TrainingExample
        {
            Origin = TrainingExample.Types.Origin.Impression,
            Schema = slate.Schema,
            Context = slate.Context,
            TimeUnixMs = slate.TimeUnixMs,
            Candidates = (uint)slate.Shown.Count,
            Features = slate.Features,
            Positive = index,
            Placement = slate.Placement,
            Weight = index < 0 ? 1 : (float)Weight(slate.Shown[index].Propensity, maxWeight),
        };
        if (slate.Shown.Any(shown => shown.Fatigue != 0))
        {
            example.Offsets.AddRange(slate.Shown.Select(shown => shown.Fatigue));
        }

        return example;
    }

    private static float ExpectedOf(OpenImpression impression, uint layerId)
        => impression.BeliefIn(layerId) is { } belief
            ? (belief.Liked * belief.LikedRate) + ((1 - belief.Liked) * belief.OtherRate)
            : 0;

    // By what the impression says alone, so that whoever reads the log again finds the same.
    private static double LikedAfter(OpenImpression impression, TrainingExample.Types.LayerOutcome outcome)
        => impression.BeliefIn(outcome.LayerId) is { Liked: > 0 and < 1 } belief && impression.RatesOf(outcome.LayerId) is { } rates
            ? LayerLiking.BeliefAfter(belief.Liked, outcome.Chosen, outcome.Shown, rates)
            : 0;

    /// <summary>
    /// min(1/propensity, limit). A propensity that is missing or no probability says nothing about the position: weight 1.
    /// </summary>
    public static double Weight(float propensity, double limit) => propensity is > 0 and <= 1 ? Math.Min(1 / propensity, limit) : 1;
}
