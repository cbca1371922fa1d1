using Strata.Contracts.State.V1;
using Strata.Numerics.Scoring;
using Strata.Ranking.Candidates;
using Strata.Ranking.Scoring;

namespace Strata.Ranking.Shadow;

/// <summary>Ranks shadow slates by the recommender that serves.</summary>
internal sealed class RecommenderShadowRanker(Recommender recommender) : IShadowRanker
{
    public ShadowList Rank(Profile profile, UserLayers? layers, DateTimeOffset now, bool allowRepeats)
    {
        using var candidates = recommender.Gather(new UserState(profile, layers), new RequestTerms(allowRepeats), recommender.Policy, now.ToUnixTimeMilliseconds());
        var sources = SourceSchema.Names.Count;
        var ranks = new int[candidates.Count * sources];
        Array.Fill(ranks, -1);
        for (var source = 0; source < sources; source++)
        {
            var list = candidates.ListOf(source);
            for (var rank = 0; rank < list.Count; rank++)
            {
                if (candidates.CandidateOf(list.Items[rank]) is >= 0 and var candidate)
                {
                    ranks[(candidate * sources) + source] = rank;
                }
            }
        }

        var ids = new string[candidates.Count];
        for (var candidate = 0; candidate < ids.Length; candidate++)
        {
            ids[candidate] = candidates.View.Items.Ids[candidates.Items[candidate]];
        }

        return new ShadowList(FeatureSchema.Version, (uint)candidates.Context, ids, candidates.AllFeatures.ToArray(), sources, ranks);
    }
}
