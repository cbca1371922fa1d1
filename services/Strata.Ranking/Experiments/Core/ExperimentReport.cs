using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;
using Strata.Numerics;
using Strata.Ranking.Serving.Arms;

namespace Strata.Ranking.Experiments.Core;

/// <summary>Says how the arms of an experiment fare.</summary>
internal static class ExperimentReport
{
    /// <summary>Probability that of a rate any arm's interval ever leaves out the truth; each arm compared has its part of it.</summary>
    public const double Alpha = 0.05;

    /// <summary>The report.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="counted">What was counted of its arms, in their order.</param>
    /// <param name="alive">Items in the catalogue.</param>
    public static ExperimentResult Of(Experiment experiment, IReadOnlyList<ArmOutcomes> counted, int alive)
    {
        var all = experiment.Arms.Zip(counted).ToList();
        var baseline = all.Single(arm => arm.First.Name == experiment.Baseline).Second;
        var alpha = Alpha / Math.Max(1, all.Count - 1);
        var result = new ExperimentResult { Name = experiment.Name, Baseline = experiment.Baseline };
        result.Arms.AddRange(all.OrderBy(arm => arm.First.Name == experiment.Baseline ? 0 : 1)
            .Select(arm => Of(arm.First, arm.Second, ReferenceEquals(arm.Second, baseline) ? null : baseline, alpha, alive)));
        return result;
    }

    private static ArmResult Of(ExperimentShare arm, ArmOutcomes counted, ArmOutcomes? baseline, double alpha, int alive)
    {
        var shown = DistinctCount.Estimate(counted.Items.Span);
        return new ArmResult
        {
            Name = arm.Name,
            Share = arm.Share,
            Users = counted.Users,
            Slates = counted.Slates,
            Clicked = counted.Clicked,
            ClickRate = RateOf(ArmEstimates.ClickRate, counted, baseline, alpha),
            Ndcg = RateOf(ArmEstimates.Ndcg, counted, baseline, alpha),
            ItemsShown = shown,
            Coverage = alive > 0 ? Math.Min(1, shown / alive) : 0,
            FirstUnixMs = counted.FirstUnixMs,
            LastUnixMs = counted.LastUnixMs,
        };
    }

    private static ArmRate RateOf(Func<ArmOutcomes, ArmEstimate> estimate, ArmOutcomes arm, ArmOutcomes? baseline, double alpha)
    {
        var own = estimate(arm);
        var rate = new ArmRate { Value = own.Value };
        if (baseline is not null && ArmEstimates.Tells(arm) && ArmEstimates.Tells(baseline))
        {
            var (value, half) = ArmEstimates.Difference(own, estimate(baseline), alpha);
            rate.Difference = new RateDifference
            {
                Value = value,
                Low = value - half,
                High = value + half,
                Decided = Math.Abs(value) > half,
            };
        }

        return rate;
    }
}
