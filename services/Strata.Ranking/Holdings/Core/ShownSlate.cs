using System.Globalization;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Strata.Contracts.Features.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.Users.V1;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Serving.Core;
using Strata.RankingModel;

namespace Strata.Ranking.Holdings.Core;

/// <summary>A slate out of its impression. What is not in the record is named; nothing is made up from what is known now.</summary>
internal static class ShownSlate
{
    private const string Unsaid
        = "is not in its record (Ranking:Impressions:Explained was off, none was asked for, or a release before served it)";

    /// <summary>The slate; of the catalogue of now what it carries of the items.</summary>
    /// <param name="impression">The record.</param>
    /// <param name="served">When it was served.</param>
    /// <param name="view">The catalogue.</param>
    public static GetShownSlateResponse Of(Impression impression, DateTimeOffset served, CatalogueView view)
    {
        var response = new GetShownSlateResponse
        {
            RequestId = impression.RequestId,
            Served = Timestamp.FromDateTimeOffset(served),
            StreamTime = TimeOf(impression.TimeUnixMs),
            PolicyVersion = impression.PolicyVersion,
            Placement = impression.Placement,
        };
        response.Arms.AddRange(impression.Arms);
        var contributions = ContributionsOf(impression, response.Missing);
        for (var i = 0; i < impression.Shown.Count; i++)
        {
            var shown = impression.Shown[i];
            var ranked = new RankedItem
            {
                ItemId = shown.ItemId,
                Position = shown.Position,
                Score = shown.Score,
                Propensity = shown.Propensity,
                Layer = LayerOf(impression, shown.LayerId),
                Reason = new Reason { Text = shown.Reason, Exploration = shown.Exploration },
            };
            Recommendation.Carry(FeaturesOf(view, shown.ItemId), ranked);
            ranked.Reason.BecauseOf.AddRange(shown.BecauseOf);
            ranked.Reason.Contributions.AddRange(contributions.Length > 0 ? contributions[i] : []);
            ranked.Rules.AddRange(shown.Pin.Length > 0 ? [shown.Pin] : []);
            response.Items.Add(ranked);
        }

        var gone = response.Items.Select(item => item.ItemId).Where(item => FeaturesOf(view, item) is null).ToArray();
        Miss(response, gone.Length > 0, $"title of {string.Join(", ", gone)}: no longer in the catalogue");
        Miss(response, impression.Shown.All(shown => shown.Reason.Length == 0), $"reasons: what was told of each {Unsaid}");
        Miss(response, impression.Beliefs.All(layer => layer.Words.Count == 0) && impression.Shown.Any(shown => shown.LayerId != 0),
            $"words of layers: what they were called {Unsaid}");
        return response;
    }

    private static ItemFeatures? FeaturesOf(CatalogueView view, string itemId)
        => view.IndexOf(itemId) is >= 0 and var item ? view.Items.Features[item] : null;

    private static void Miss(GetShownSlateResponse response, bool missing, string what) => response.Missing.AddRange(missing ? [what] : []);

    private static LayerReference LayerOf(Impression impression, uint layerId)
    {
        var layer = new LayerReference { LayerId = layerId };
        if (impression.Beliefs.FirstOrDefault(belief => belief.LayerId == layerId) is { } belief)
        {
            layer.Words.AddRange(belief.Words);
            layer.Probability = belief.Probability;
        }

        return layer;
    }

    // Item by item; none where they cannot be made again.
    private static Contribution[][] ContributionsOf(Impression impression, RepeatedField<string> missing)
    {
        var (count, features) = (impression.Shown.Count, new float[impression.Features.Length / 2]);
        if (impression.Schema != FeatureSchema.Version)
        {
            missing.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"contributions: features were those of schema {impression.Schema}, this release knows {FeatureSchema.Version}"));
            return [];
        }

        if (features.Length != count * FeatureSchema.Count || !FeatureBytes.TryDecode(impression.Features.Span, features))
        {
            missing.Add("contributions: its features are not in the log");
            return [];
        }

        var values = new double[FeatureSchema.Count];
        var all = new Contribution[count][];
        for (var i = 0; i < count; i++)
        {
            var raw = features.AsSpan(i * FeatureSchema.Count, FeatureSchema.Count);
            if (!LoggedModel.TryContributions(impression.Model.Span, raw, values))
            {
                missing.Add($"contributions: the model that made its scores {Unsaid}");
                return [];
            }

            var made = values.Select((value, feature) => new Contribution { Feature = FeatureSchema.Names[feature], Value = value });
            var tired = impression.Shown[i].Fatigue;
            all[i] = tired == 0 ? [.. made] : [.. made, new Contribution { Feature = Fatigue.Name, Value = tired }];
        }

        return all;
    }

    private static Timestamp TimeOf(long unixMs) => Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(unixMs));
}
