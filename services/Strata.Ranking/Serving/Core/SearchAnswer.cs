using Strata.Contracts.Ranking.V1;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Explanations;
using Strata.Ranking.Lookups;

namespace Strata.Ranking.Serving.Core;

/// <summary>Writes down for the caller what answers a query.</summary>
internal static class SearchAnswer
{
    /// <param name="own">Whom it is for.</param>
    /// <param name="query">What was typed.</param>
    /// <param name="interest">What the user's layers add.</param>
    /// <param name="found">All matches, best first.</param>
    /// <param name="count">How many of them are told.</param>
    /// <param name="explain">How much of a reason.</param>
    /// <param name="language">In which it is said.</param>
    public static SearchResponse Describe(
        RankingRequest own,
        string query,
        LayerInterest interest,
        IReadOnlyList<FoundItem> found,
        int count,
        ExplainLevel explain,
        Sentences language)
    {
        var response = new SearchResponse { LayerSetVersion = own.View.Layers.Version };
        foreach (var item in found.Take(count))
        {
            var ranked = SimilarAnswer.Describe(own, interest, item, response.Items.Count);
            if (explain != ExplainLevel.None)
            {
                ranked.Reason = new Reason { Text = language.InLayer(language.Say(Sentence.Answers, query), ranked.Layer.Words) };
                ranked.Reason.Contributions.AddRange(SimilarAnswer.Contributions(("match", item.First), ("interest", item.Interest)));
            }

            response.Items.Add(ranked);
        }

        response.Facets.AddRange(found.CountBy(item => own.View.Assignment.SlotOf(item.Item))
            .Where(layer => layer.Key < own.View.Layers.Count)
            .OrderByDescending(layer => layer.Value)
            .Select(layer => new LayerFacet { Layer = SimilarAnswer.Reference(own, interest, layer.Key), Items = (uint)layer.Value }));
        return response;
    }
}
