using Strata.Contracts.State.V1;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Serving.Core;
using Strata.Ranking.Users.Core;
using Strata.RankingModel;

namespace Strata.Ranking.Shadow.Core;

/// <summary>Ranks shadow slates with what serves requests.</summary>
internal sealed class RecommenderShadowRanker(Recommender recommender) : IShadowRanker
{
    public ShadowList Rank(Profile profile, UserLayers? layers, DateTimeOffset now, bool allowRepeats)
    {
        using var request = recommender.Rank(
            recommender.Now, new UserState(profile, layers), new RequestConstraints(allowRepeats), now.ToUnixTimeMilliseconds());

        // A user who has everything gets repeats that they did not ask for: no list to learn first touches from.
        var count = request.RepeatsForced ? 0 : request.Count;
        var ids = new string[count];
        for (var i = 0; i < count; i++)
        {
            ids[i] = request.View.Items.Ids[request.Items[i]];
        }

        var features = request.AllFeatures[..(count * FeatureSchema.Count)].ToArray();
        var (view, own) = (request.View, request.History.UserSlots.ToArray());
        return new ShadowList(
            FeatureSchema.Version,
            (uint)request.Context,
            ids,
            features,
            Cohorts.NamesOf(profile.Attributes, request.SegmentId),
            id => Cohorts.NewLayer(view, own, view.IndexOf(id)));
    }
}
