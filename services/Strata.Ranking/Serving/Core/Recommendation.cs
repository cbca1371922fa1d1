using Strata.Contracts.Features.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Explanations;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Slates;
using Strata.Ranking.Users;

namespace Strata.Ranking.Serving.Core;

/// <summary>Writes a slate down for the caller.</summary>
internal static class Recommendation
{
    /// <summary>The answer to a request, as far as it stems from the ranking.</summary>
    public static RecommendResponse Describe(
        RankingRequest request,
        RankingPolicy policy,
        LayerDistribution layers,
        IReadOnlyList<PlacedItem> slate,
        string requestId,
        ExplainLevel explain = ExplainLevel.Reasons,
        Sentences? language = null)
    {
        var response = new RecommendResponse
        {
            RequestId = requestId,
            LayerSetVersion = request.View.Layers.Version,
            SegmentId = request.SegmentId,
            PolicyVersion = policy.Version,
        };
        for (var position = 0; position < slate.Count; position++)
        {
            response.Items.Add(Describe(request, policy, layers, slate[position], position, explain, language));
        }

        response.Rules.AddRange(AppliedRules.Of(request, slate));
        return response;
    }

    /// <summary>One item with its layer, score and reason.</summary>
    public static RankedItem Describe(
        RankingRequest request,
        RankingPolicy policy,
        LayerDistribution layers,
        PlacedItem placed,
        int position,
        ExplainLevel explain = ExplainLevel.Reasons,
        Sentences? language = null)
    {
        var explanation = Explainer.Explain(request, policy, placed.Candidate);
        var layer = new LayerReference
        {
            LayerId = request.View.Layers.IdOf(placed.Slot),
            Probability = layers.Of(placed.Slot),
            Action = request.Controls.Of(placed.Slot),
        };
        layer.Words.AddRange(request.View.WordsOf(placed.Slot));
        var ranked = new RankedItem
        {
            ItemId = request.View.Items.Ids[placed.Item],
            Position = (uint)position,
            Score = explanation.Score,
            Layer = layer,
            Propensity = placed.Propensity,
            Reason = explain == ExplainLevel.None
                ? null
                : Explainer.ReasonFor(
                    request,
                    policy,
                    placed.Candidate,
                    explanation,
                    placed.Exploration,
                    explain == ExplainLevel.Full ? explanation.Values.Count : Explainer.Told,
                    language),
        };
        ranked.Rules.AddRange(AppliedRules.Of(request, placed));
        Carry(request.View.Items.Features[placed.Item], ranked);
        return ranked;
    }

    /// <summary>What the catalogue was told of an item, as it was put.</summary>
    public static void Carry(ItemFeatures? features, RankedItem ranked)
    {
        if (features is not null)
        {
            ranked.Title = features.Title;
            ranked.Price = features.Price;
            ranked.Availability = features.Availability;
            ranked.PictureUrl = features.PictureUrl;
            ranked.Attributes.Add(features.Attributes);
            ranked.Categories.AddRange(features.Categories);
        }
    }

    /// <summary>How many candidates have a better score than an item; −1: the item is no candidate.</summary>
    public static int RankOf(RankingRequest request, int item)
    {
        var candidate = request.CandidateOf(item);
        if (candidate < 0)
        {
            return -1;
        }

        var better = 0;
        for (var other = 0; other < request.Count; other++)
        {
            better += request.ScoreOf(other) > request.ScoreOf(candidate) ? 1 : 0;
        }

        return better;
    }

    /// <summary>What could not be known of a request's user and of the catalogue.</summary>
    public static IEnumerable<string> DegradationsOf(RankingRequest request, UserReading user, bool stale)
    {
        if (!user.Answered)
        {
            yield return Degradations.StoreTimeout;
        }
        else if (request.User.Profile is null)
        {
            yield return Degradations.NoProfile;
        }

        if (user.Unreadable)
        {
            yield return Degradations.StateUnreadable;
        }

        if (stale)
        {
            yield return Degradations.Stale;
        }

        if (request.View.Layers.Count == 0)
        {
            yield return Degradations.NoLayers;
        }
    }

    /// <summary>The fallbacks that a request was ranked with.</summary>
    public static IEnumerable<string> DegradationsOf(
        RankingRequest request, UserReading user, bool stale, IReadOnlyList<PlacedItem> slate)
    {
        foreach (var degradation in DegradationsOf(request, user, stale))
        {
            yield return degradation;
        }

        if (request.RepeatsForced)
        {
            yield return Degradations.RepeatsForced;
        }

        if (request.User.Profile?.Sketch is { Dropped: true })
        {
            yield return Degradations.OldestForgotten;
        }

        if (request.Constraints.Conditions is not null && slate.Any(placed => placed.Candidate >= request.Proposed))
        {
            yield return Degradations.Widened;
        }

        if (request.Count == 0)
        {
            yield return Degradations.NoItems;
        }
    }
}
