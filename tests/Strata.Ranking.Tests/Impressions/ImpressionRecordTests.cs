using Strata.Contracts.Policy.V1;
using Strata.Contracts.State.V1;
using Strata.Ranking.Impressions.Core;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Serving.Core;
using Strata.Ranking.Slates;
using Strata.Ranking.Users.Core;
using Strata.RankingModel;

namespace Strata.Ranking.Tests.Impressions;

[Trait("height", "unit")]
public sealed class ImpressionRecordTests
{
    private static readonly DateTimeOffset Served = DateTimeOffset.FromUnixTimeMilliseconds(World.NowMs).AddDays(3);

    [Fact]
    public void Of_SlateOfTwoLayers_SaysWhatIsBelievedOfEach()
    {
        var policy = new Policy { Clicks = 110, Shown = 1200, LikedClicks = 100, LikedShown = 400 };
        policy.Layers.Add(new Policy.Types.LayerRate { LayerId = 2, Clicks = 95, Shown = 600, LikedClicks = 90, LikedShown = 200 });
        var served = RankingPolicy.From(policy);
        using var request = new World().Item("a", [1, 0]).Item("b", [0, 1])
            .With(World.LayerSet(3, [], (1, [1, 0], 8), (2, [0, 1], 2))).Published().Rank(World.Profile());
        var outcomes = new UserPolicy { LayerIds = { 2 }, Clicks = { 3 }, Shown = { 4 }, AsOfUnixMs = World.NowMs };
        outcomes.Evidence.Add(5);
        outcomes.EvidenceLayerIds.Add(2);
        var state = new UserState(null, null, outcomes);
        var layers = LayerDistribution.For(request, state, served, new SlateOptions());
        var slate = SlateBuilder.Build(request, layers, 2, 0, new SlateOptions(), new Random(1));
        var response = Recommendation.Describe(request, served, layers, slate, "r");

        var impression = ImpressionRecord.Of(request, served, layers, response, slate, "ann", Served);

        var (first, second) = (impression.Beliefs.Single(b => b.LayerId == 1), impression.Beliefs.Single(b => b.LayerId == 2));
        Assert.InRange(second.Liked, .9, 1);
        Assert.InRange(first.Liked, .01, .3);
        Assert.Equal(served.RatesOf(2).Liked, second.LikedRate, 1e-6);
        Assert.Equal(served.RatesOf(2).Other, second.OtherRate, 1e-6);
        Assert.True(second.LikedRate > first.LikedRate);
        Assert.Equal((request.NowMs, Served.ToUnixTimeMilliseconds()), (impression.TimeUnixMs, impression.ServedUnixMs));
    }

    [Fact]
    public void Of_SlateWithFatigue_SaysEnoughToMakeEveryScoreAgain()
    {
        var policy = RankingPolicy.Shipped;
        using var request = new World().Item("a", [1, 0]).Item("b", [0, 1])
            .With(World.Activity("a", popularity: 3)).Published().Rank(null, outcomes: World.PassedOver(("a", 5)));
        var layers = LayerDistribution.For(request, request.User, policy, new SlateOptions());
        var slate = SlateBuilder.Build(request, layers, 2, 0, new SlateOptions(), new Random(1));
        var response = Recommendation.Describe(request, policy, layers, slate, "r");

        var impression = ImpressionRecord.Of(request, policy, layers, response, slate, "ann", Served);

        var (features, x) = (new float[2 * FeatureSchema.Count], new float[FeatureSchema.Count]);
        Assert.True(FeatureBytes.TryDecode(impression.Features.Span, features));
        Assert.All(impression.Shown, shown =>
        {
            policy.Model.Standardise(features.AsSpan((int)shown.Position * FeatureSchema.Count, FeatureSchema.Count), x);
            var made = policy.Model.Score(x, (int)impression.Context) + shown.Fatigue;
            Assert.Equal(shown.Score, made, .02); // features are logged as half floats
            Assert.Equal(shown.ItemId == "a", shown.Fatigue < -.5);
        });
    }
}
