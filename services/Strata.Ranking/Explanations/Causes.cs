using Strata.Contracts.Events.V1;
using Strata.Contracts.State.V1;
using Strata.Numerics;
using Strata.Ranking.Candidates.Affinities;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Index.Items;

namespace Strata.Ranking.Explanations;

/// <summary>Which of the user's own items an item follows from.</summary>
internal static class Causes
{
    /// <summary>Users, of late, who took both items: fewer are no "often".</summary>
    public const double LeastOften = 3;

    /// <summary>Long plus short share of a layer that the user is said to look at.</summary>
    public const double LeastShare = 0.05;

    /// <summary>Cosine of two items of one layer that are said to be alike.</summary>
    public const float LeastAlike = 0.35f;

    /// <summary>The same of two items of different layers: what lies apart must be more alike to be said so.</summary>
    public const float LeastAlikeApart = 0.6f;

    /// <summary>Cosine of an item and a query that is said to have led to it.</summary>
    public const float LeastAnswer = 0.24f;

    /// <summary>
    /// Rank in the history of the item that adds most to neighbours_5, of those often taken with it; −1: none is.
    /// </summary>
    public static int ByCoVisit(RankingRequest request, int item)
    {
        var (best, bestScore, discount) = (-1, 0.0, 1.0);
        for (var k = 0; k < Math.Min(5, request.History.Count); k++)
        {
            if (request.History.Items[k] is >= 0 and var own && request.View.Items.Activity[own] is var activity
                && activity.CoVisited.IndexOf(item) is >= 0 and var n
                && activity.CoVisits[n] * HalfLives.Factor(request.NowMs - activity.AsOfMs, HalfLives.CoVisitRate) >= LeastOften
                && IsAbovePopularity(request, activity.CoVisited, activity.CoVisits, n)
                && discount * NeighbourScores.CoVisit(request.View, activity, n, request.NowMs) is var score && score > bestScore)
            {
                (best, bestScore) = (k, score);
            }

            discount *= 0.8;
        }

        return best;
    }

    /// <summary>Rank in the history of the item that adds most to next, of those it often came after; −1: none is.</summary>
    public static int ByTransition(RankingRequest request, int item)
    {
        var (best, bestScore, discount) = (-1, 0.0, 1.0);
        for (var k = 0; k < Math.Min(5, request.History.Count); k++)
        {
            if (request.History.Items[k] is >= 0 and var own && request.View.Items.Activity[own] is var activity
                && activity.Followers.IndexOf(item) is >= 0 and var n
                && HalfLives.Factor(request.NowMs - activity.AsOfMs, HalfLives.TransitionRate) is var decay
                && activity.Transitions[n] * decay >= LeastOften
                && IsAbovePopularity(request, activity.Followers, activity.Transitions, n)
                && discount * activity.Transitions[n] * decay is var score && score > bestScore)
            {
                (best, bestScore) = (k, score);
            }

            discount *= 0.7;
        }

        return best;
    }

    /// <summary>
    /// Rank in the history of the item that reads most like it among the last 20; −1: none is alike.
    /// </summary>
    public static int ByText(RankingRequest request, int item)
    {
        var (best, bestCosine) = (-1, LeastAlike);
        var (vectors, slots) = (request.View.Vectors, request.View.Assignment);
        if (vectors.RowOf(item) is not (>= 0 and var row))
        {
            return best;
        }

        for (var k = 0; k < Math.Min(TextScores.NearestItems, request.History.Count); k++)
        {
            if (vectors.RowOf(request.History.Items[k]) is >= 0 and var own
                && vectors.Cosine(row, own) is var cosine && cosine > bestCosine
                && (cosine >= LeastAlikeApart || slots.SlotOf(item) == slots.SlotOf(request.History.Items[k])))
            {
                (best, bestCosine) = (k, cosine);
            }
        }

        return best;
    }

    /// <summary>Number of the query that reads most like it; −1: none is near.</summary>
    public static int ByQuery(RankingRequest request, int item)
    {
        var (best, bestCosine) = (-1, LeastAnswer);
        var vectors = request.View.Vectors;
        if (vectors.RowOf(item) is not (>= 0 and var row) || request.Text.Queries.Count == 0)
        {
            return best;
        }

        var vector = vectors.Vector(row);
        for (var query = 0; query < request.Text.Queries.Count; query++)
        {
            if (VectorMath.Dot(vector, request.Text.Queries[query]) is var cosine && cosine > bestCosine)
            {
                (best, bestCosine) = (query, cosine);
            }
        }

        return best;
    }

    /// <summary>The sentence of what the user did with an item of theirs, strongest act first.</summary>
    public static Sentence Act(ProfileItem? item) => item?.Kinds switch
    {
        { } kinds when Has(kinds, EventKind.Purchase) => Sentence.Bought,
        { } kinds when Has(kinds, EventKind.Cart) => Sentence.Carted,
        { } kinds when Has(kinds, EventKind.Like) => Sentence.Liked,
        _ => Sentence.LookedAt,
    };

    // Whatever everybody takes is taken with everything: "often" is more than the popularity of the other explains, which is the share of
    // it that an item's neighbours have on the whole (lift, with the neighbours as the market: Brin et al. 1997).
    private static bool IsAbovePopularity(RankingRequest request, ReadOnlySpan<int> neighbours, ReadOnlySpan<float> counts, int n)
    {
        var (all, touches) = (0.0, 0.0);
        for (var k = 0; k < neighbours.Length; k++)
        {
            all += counts[k];
            touches += TouchesOf(request, neighbours[k]);
        }

        return counts[n] * touches >= TouchesOf(request, neighbours[n]) * all;
    }

    private static double TouchesOf(RankingRequest request, int item)
        => item < request.View.Count ? NeighbourScores.Touches(request.View.Items.Activity[item], request.NowMs) : 0;

    private static bool Has(uint kinds, EventKind kind) => (kinds & (1u << (int)kind)) != 0;
}
