using Strata.Contracts.Ranking.V1;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Explanations;
using Strata.Ranking.Lookups;

namespace Strata.Ranking.Serving.Core;

/// <summary>Writes down for the caller what is like given items.</summary>
internal static class SimilarAnswer
{
    /// <param name="given">The items asked about, as somebody's history.</param>
    /// <param name="own">Whom it is for.</param>
    /// <param name="similar">What was looked in.</param>
    /// <param name="interest">What the user's layers add.</param>
    /// <param name="found">Best first.</param>
    /// <param name="explain">How much of a reason.</param>
    /// <param name="language">In which it is said.</param>
    public static SimilarResponse Describe(
        RankingRequest given,
        RankingRequest own,
        SimilarItems similar,
        LayerInterest interest,
        IReadOnlyList<FoundItem> found,
        ExplainLevel explain,
        Sentences language)
    {
        var response = new SimilarResponse { LayerSetVersion = own.View.Layers.Version };
        foreach (var item in found)
        {
            var ranked = Describe(own, interest, item, response.Items.Count);
            if (explain != ExplainLevel.None)
            {
                ranked.Reason = Explainer.ReasonForLike(given, item.Item, item.First >= item.Second, language);
                ranked.Reason.Contributions.AddRange(
                    Contributions(("behaviour", item.First), ("text", item.Second), ("interest", item.Interest)));
            }

            response.Items.Add(
                new SimilarItem { Item = ranked, SharesLayer = similar.Shares(own.View.Assignment.SlotOf(item.Item)) });
        }

        return response;
    }

    /// <summary>An item that was looked up, without a reason.</summary>
    public static RankedItem Describe(RankingRequest own, LayerInterest interest, FoundItem found, int position)
    {
        var slot = own.View.Assignment.SlotOf(found.Item);
        var ranked = new RankedItem
        {
            ItemId = own.View.Items.Ids[found.Item],
            Position = (uint)position,
            Score = found.Score,
            Layer = Reference(own, interest, slot),
        };
        Recommendation.Carry(own.View.Items.Features[found.Item], ranked);
        return ranked;
    }

    /// <summary>A layer as the user sees it.</summary>
    public static LayerReference Reference(RankingRequest own, LayerInterest interest, int slot)
    {
        var layer = new LayerReference
        {
            LayerId = own.View.Layers.IdOf(slot),
            Probability = interest.Probability(slot),
            Action = own.Controls.Of(slot),
        };
        layer.Words.AddRange(own.View.WordsOf(slot));
        return layer;
    }

    /// <summary>Parts of a score, the largest first; none that is 0.</summary>
    public static IEnumerable<Contribution> Contributions(params IEnumerable<(string Name, double Value)> parts)
        => parts.Where(part => part.Value != 0).OrderByDescending(part => part.Value)
            .Select(part => new Contribution { Feature = part.Name, Value = part.Value });
}
