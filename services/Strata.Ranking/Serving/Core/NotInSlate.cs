using Strata.Contracts.Ranking.V1;
using Strata.Ranking.Candidates.Filters;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Explanations;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Slates;
using Obstacle = Strata.Contracts.Ranking.V1.ExplainNotResponse.Types.Obstacle;

namespace Strata.Ranking.Serving.Core;

/// <summary>Says why a slate does not have an item.</summary>
internal static class NotInSlate
{
    /// <summary>The first obstacle, and where the item may be shown at all its score beside that of the slate's last.</summary>
    /// <remarks>A slate of fewer than <paramref name="count"/> items has room for it whatever its score.</remarks>
    public static ExplainNotResponse Explain(
        RankingRequest request,
        RankingPolicy policy,
        LayerDistribution layers,
        IReadOnlyList<PlacedItem> slate,
        string itemId,
        Sentences? language = null,
        int count = 0)
    {
        var item = request.View.IndexOf(itemId);
        var response = new ExplainNotResponse { Rank = -1 };
        if (slate.Count > 0)
        {
            // What stands there by a rule of an operator's says nothing of the others' scores.
            var position = slate.Count - 1;
            while (position > 0 && slate[position].Pin is not null)
            {
                position--;
            }

            position = slate[position].Pin is null ? position : slate.Count - 1;
            response.Last = Recommendation.Describe(request, policy, layers, slate[position], position, language: language);
        }

        if (item < 0 || !request.IsAlive(item))
        {
            return Say(response, Dead(request, item), language ?? Sentences.Usual);
        }

        response.Rank = Recommendation.RankOf(request, item);
        var filter = request.Removals.FilterOf(item, request.View);
        var candidate = Recommender.Include(request, item, policy);
        var placed = new PlacedItem(candidate, item, request.View.Assignment.SlotOf(item), Propensity: 0, Exploration: false);
        response.Item = Recommendation.Describe(
            request, policy, layers, placed, response.Rank >= 0 ? response.Rank : Recommendation.RankOf(request, item), language: language);
        response.Behind = response.Last is { } last ? response.Item.Score - last.Score : 0;
        var explanation = Explainer.Explain(request, policy, candidate);
        var tired = response.Behind < 0 && response.Behind >= explanation.Tired
            ? Explainer.WasPassedOver(request, item, explanation)
            : 0;
        var inSlate = slate.Any(other => other.Item == item);
        var hasRoom = response.Behind >= 0 || slate.Count < count;
        response.Rule = filter < 0 && !inSlate && hasRoom ? AppliedRules.KeepingOut(request, item, response.Rank, slate) ?? "" : "";
        return Say(
            response,
            filter >= 0 ? Named(CandidateFilters.All[filter].Name)
                : inSlate ? Obstacle.None
                : response.Rule.Length > 0 ? Obstacle.Ruled
                : response.Rank < 0 ? Obstacle.NotProposed
                : Obstacle.Outranked,
            language ?? Sentences.Usual,
            tired);
    }

    private static Obstacle Dead(RankingRequest request, int item)
        => item < 0 || request.View.Items.Features[item] is not { } features ? Obstacle.NotAlive
            : features.Hidden ? Obstacle.Hidden
            : Obstacle.Announced;

    private static Obstacle Named(string filter) => filter switch
    {
        "had" => Obstacle.Had,
        "dismissed" => Obstacle.Dismissed,
        "muted" => Obstacle.Muted,
        "excluded" => Obstacle.Excluded,
        "variant" => Obstacle.Variant,
        "filtered" => Obstacle.Filtered,
        _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, "No obstacle is named after this filter."),
    };

    // Tired: how often the item was shown, where it would not stand behind the last but for that.
    private static ExplainNotResponse Say(ExplainNotResponse response, Obstacle obstacle, Sentences language, int tired = 0)
    {
        response.Obstacle = obstacle;
        response.Text = obstacle == Obstacle.Outranked ? Outranked(response, language, tired)
            : obstacle == Obstacle.Ruled ? language.Say(Sentence.Ruled, response.Rule)
            : language.Say(obstacle switch
            {
                Obstacle.NotAlive => Sentence.NotAlive,
                Obstacle.Hidden => Sentence.Hidden,
                Obstacle.Announced => Sentence.Announced,
                Obstacle.Had => Sentence.Had,
                Obstacle.Dismissed => Sentence.Dismissed,
                Obstacle.Muted => Sentence.Muted,
                Obstacle.Excluded => Sentence.Excluded,
                Obstacle.Variant => Sentence.Variant,
                Obstacle.Filtered => Sentence.Filtered,
                Obstacle.NotProposed => Sentence.NotProposed,
                _ => Sentence.InSlate,
            });
        return response;
    }

    private static string Outranked(ExplainNotResponse response, Sentences language, int tired)
        => tired > 0
            ? language.Say(Sentence.Tired, response.Rank + 1, tired)
            : language.Say(response.Behind < 0 ? Sentence.Behind : Sentence.Outplaced, response.Rank + 1);
}
