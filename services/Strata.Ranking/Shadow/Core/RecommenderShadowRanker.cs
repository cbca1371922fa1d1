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
            SourceSchema.Count,
            SourceRanks(request, count),
            Cohorts.NamesOf(profile.Attributes),
            id => Cohorts.NewLayer(view, own, view.IndexOf(id)));
    }

    private static int[] SourceRanks(RankingRequest request, int count)
    {
        var ranks = new int[count * SourceSchema.Count];
        Array.Fill(ranks, -1);
        for (var source = 0; source < SourceSchema.Count && count > 0; source++)
        {
            var items = request.ListOf(source).Items;
            for (var rank = 0; rank < items.Length; rank++)
            {
                if (request.CandidateOf(items[rank]) is >= 0 and var candidate)
                {
                    ranks[(candidate * SourceSchema.Count) + source] = rank;
                }
            }
        }

        return ranks;
    }
}
