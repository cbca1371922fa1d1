using Strata.Contracts.Ranking.V1;
using Strata.Ranking.Candidates.Filters;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Slates;
using Obstacle = Strata.Contracts.Ranking.V1.ExplainNotResponse.Types.Obstacle;

namespace Strata.Ranking.Serving.Core;

/// <summary>Says why a slate does not have an item.</summary>
internal static class NotInSlate
{
    /// <summary>The first obstacle, and where the item may be shown at all its score beside that of the slate's last.</summary>
    public static ExplainNotResponse Explain(
        RankingRequest request, RankingPolicy policy, LayerDistribution layers, IReadOnlyList<PlacedItem> slate, string itemId)
    {
        var item = request.View.IndexOf(itemId);
        var response = new ExplainNotResponse { Rank = -1 };
        if (slate.Count > 0)
        {
            response.Last = Recommendation.Describe(request, policy, layers, slate[^1], slate.Count - 1);
        }

        if (item < 0 || !request.IsAlive(item))
        {
            return Say(response, Dead(request, item));
        }

        response.Rank = Recommendation.RankOf(request, item);
        var filter = request.Removals.FilterOf(item, request.View);
        var candidate = Recommender.Include(request, item, policy);
        var placed = new PlacedItem(candidate, item, request.View.Assignment.SlotOf(item), Propensity: 0, Exploration: false);
        response.Item = Recommendation.Describe(
            request, policy, layers, placed, response.Rank >= 0 ? response.Rank : Recommendation.RankOf(request, item));
        response.Behind = response.Last is { } last ? response.Item.Score - last.Score : 0;
        return Say(
            response,
            filter >= 0 ? Named(CandidateFilters.All[filter].Name)
                : slate.Any(other => other.Item == item) ? Obstacle.None
                : response.Rank < 0 ? Obstacle.NotProposed
                : Obstacle.Outranked);
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

    private static ExplainNotResponse Say(ExplainNotResponse response, Obstacle obstacle)
    {
        response.Obstacle = obstacle;
        response.Text = obstacle switch
        {
            Obstacle.NotAlive => "The catalogue does not have it",
            Obstacle.Hidden => "It is hidden",
            Obstacle.Announced => "It is announced for later",
            Obstacle.Had => "The user had it already",
            Obstacle.Dismissed => "The user dismissed it",
            Obstacle.Muted => "The user muted its layer",
            Obstacle.Excluded => "The request excludes it",
            Obstacle.Variant => "The user bought or dismissed another size or colour of it lately",
            Obstacle.Filtered => "The request's filter does not allow it",
            Obstacle.NotProposed => "No source proposed it",
            Obstacle.Outranked => response.Behind < 0
                ? $"It is number {response.Rank + 1} by score, behind the last of the slate"
                : $"It is number {response.Rank + 1} by score; others were placed for their layers and for diversity",
            _ => "It is in the slate",
        };
        return response;
    }
}
