using Strata.Ranking.Candidates.Requests;
using Strata.RankingModel;

namespace Strata.Ranking.Scoring.Core;

/// <summary>Scores candidates by the policy's linear model, less what the user is tired of seeing.</summary>
internal static class Scorer
{
    public static void Score(RankingRequest request, RankingPolicy policy)
    {
        Span<float> x = stackalloc float[FeatureSchema.Count];
        for (var candidate = 0; candidate < request.Count; candidate++)
        {
            policy.Model.Standardise(request.FeaturesOf(candidate), x);
            request.Scores[candidate] = policy.Model.Score(x, request.Context) + request.Passed.FatigueOf(request.Items[candidate]);
        }
    }

    /// <summary>
    /// What each feature adds to a candidate's score, and behind them fatigue where there is any. The sum, added up in this order, is the
    /// score that is told.
    /// </summary>
    public static double[] Contributions(RankingRequest request, RankingPolicy policy, int candidate)
    {
        Span<float> x = stackalloc float[FeatureSchema.Count];
        var values = new double[FeatureSchema.Count];
        policy.Model.Standardise(request.FeaturesOf(candidate), x);
        policy.Model.Contributions(x, request.Context, values);
        return request.Passed.FatigueOf(request.Items[candidate]) is < 0 and var fatigue ? [.. values, fatigue] : values;
    }
}
