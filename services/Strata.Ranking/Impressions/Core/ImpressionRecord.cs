using Google.Protobuf;
using Strata.Contracts.Ranking.V1;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Slates;
using Strata.RankingModel;

namespace Strata.Ranking.Impressions.Core;

/// <summary>Writes a served slate down for the log.</summary>
internal static class ImpressionRecord
{
    /// <summary>What was shown, with the features it was scored by.</summary>
    public static Impression Of(
        RankingRequest request,
        RankingPolicy policy,
        LayerDistribution layers,
        RecommendResponse response,
        IReadOnlyList<PlacedItem> slate,
        string userId,
        DateTimeOffset served,
        string placement = "",
        bool explained = true)
    {
        var impression = new Impression
        {
            RequestId = response.RequestId,
            UserId = userId,
            TimeUnixMs = request.NowMs,
            ServedUnixMs = served.ToUnixTimeMilliseconds(),
            Schema = FeatureSchema.Version,
            Context = (uint)request.Context,
            PolicyVersion = policy.Version,
            Placement = placement,
        };
        var features = new float[slate.Count * FeatureSchema.Count];
        for (var position = 0; position < slate.Count; position++)
        {
            var shown = new Impression.Types.Shown
            {
                ItemId = response.Items[position].ItemId,
                Position = (uint)position,
                LayerId = response.Items[position].Layer.LayerId,
                Score = (float)response.Items[position].Score,
                Propensity = (float)slate[position].Propensity,
                Fatigue = (float)request.Passed.FatigueOf(slate[position].Item),
                Pin = slate[position].Pin ?? "",
                Exploration = slate[position].Exploration,
            };
            if (explained && response.Items[position].Reason is { } reason)
            {
                shown.Reason = reason.Text;
                shown.BecauseOf.AddRange(reason.BecauseOf);
            }

            request.FeaturesOf(slate[position].Candidate).CopyTo(features.AsSpan(position * FeatureSchema.Count));
            impression.Shown.Add(shown);
        }

        foreach (var slot in slate.Select(placed => placed.Slot).Distinct())
        {
            if (request.View.Layers.IdOf(slot) is not 0 and var id)
            {
                var rates = policy.RatesOf(id);
                var belief = new Impression.Types.LayerBelief
                {
                    LayerId = id,
                    Liked = (float)layers.BeliefIn(slot),
                    LikedRate = (float)rates.Liked,
                    OtherRate = (float)rates.Other,
                    Probability = (float)layers.Of(slot),
                };
                belief.Words.AddRange(explained ? request.View.WordsOf(slot) : []);
                impression.Beliefs.Add(belief);
            }
        }

        if (explained)
        {
            impression.Model = UnsafeByteOperations.UnsafeWrap(LoggedModel.Encode(policy.Model, request.Context));
        }

        impression.Arms.AddRange(response.Arms);
        impression.Features = UnsafeByteOperations.UnsafeWrap(FeatureBytes.Encode(features));
        return impression;
    }
}
