using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Index.Items;
using Strata.RankingModel;

namespace Strata.Ranking.Scoring.Core;

/// <summary>
/// What the features of layers are where all items lie in one layer: every item has all of the user's interest, and their direction in it
/// is the mean of their items. So the score tells items apart by everything but layers.
/// </summary>
internal static class OneInterest
{
    public static void Level(RankingRequest request, int item, ItemActivities activity, double week, Span<float> f)
    {
        var interest = request.History.Count > 0 ? 1 : 0;
        f[FeatureSchema.Layers] = f[FeatureSchema.Centroid];
        f[FeatureSchema.LayerShort] = interest;
        f[FeatureSchema.LayerLong] = interest;
        f[FeatureSchema.LayerPopularity] = (float)Math.Log(1e-4 + request.View.Assignment.PopularityShareOfAll(item, activity));
        f[FeatureSchema.TrendingInLayer] = (float)Math.Log(1e-3 + (2 * interest * week));
        f[FeatureSchema.Cohort] = 0;
    }
}
