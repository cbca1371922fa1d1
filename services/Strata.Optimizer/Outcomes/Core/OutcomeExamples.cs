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
            var example = new TrainingExample
            {
                Origin = TrainingExample.Types.Origin.Impression,
                Schema = resolved.Impression.Schema,
                Context = resolved.Impression.Context,
                TimeUnixMs = resolved.Impression.TimeUnixMs,
                Candidates = (uint)resolved.Impression.Shown.Count,
                Features = resolved.Impression.Features,
                Positive = index,
                Placement = resolved.Impression.Placement,
                Weight = index < 0 ? 1 : (float)Weight(resolved.Impression.Shown[index].Propensity, maxWeight),
            };
            if (resolved.Impression.Shown.Any(shown => shown.Fatigue != 0))
            {
                example.Offsets.AddRange(resolved.Impression.Shown.Select(shown => shown.Fatigue));
            }

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
