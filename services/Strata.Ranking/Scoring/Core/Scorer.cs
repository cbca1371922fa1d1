using Strata.Ranking.Candidates.Requests;
using Strata.RankingModel;

namespace Strata.Ranking.Scoring.Core;

/// <summary>Scores candidates by the policy's linear model.</summary>
internal static class Scorer
{
    public static void Score(RankingRequest request, RankingPolicy policy)
    {
        Span<float> x = stackalloc float[FeatureSchema.Count];
        for (var candidate = 0; candidate < request.Count; candidate++)
        {
            policy.Model.Standardise(request.FeaturesOf(candidate), x);
            request.Scores[candidate] = policy.Model.Score(x, request.Context);
        }
    }

    /// <summary>
    /// What each feature adds to a candidate's score. The sum, added up in this order, is the score that is told.
    /// </summary>
    public static double[] Contributions(RankingRequest request, RankingPolicy policy, int candidate)
    {
        Span<float> x = stackalloc float[FeatureSchema.Count];
        var values = new double[FeatureSchema.Count];
        policy.Model.Standardise(request.FeaturesOf(candidate), x);
        policy.Model.Contributions(x, request.Context, values);
        return values;
    }
}
