using Strata.Contracts.Layers.V1;
using Strata.Contracts.State.V1;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Slates;
using Strata.Ranking.Users.Core;

namespace Strata.Ranking.Tests.Slates;

/// <summary>A slate's layers follow the user's probabilities.</summary>
[Trait("height", "unit")]
public sealed class CalibrationTests
{
    private static readonly SlateOptions Options = new() { HeldShare = 0 };

    [Fact]
    public void Build_StrongCalibration_GivesEveryLayerItsShare()
    {
        const int Count = 20;
        using var request = Request(World.Profile("e0", "e1", "n0"));
        var layers = ByRule(request);

        double Furthest(double calibration)
        {
            var slate = SlateBuilder.Build(request, layers, Count, 0, World.Slates(calibration: calibration), new Random(1));
            return layers.Layers.Max(layer =>
                Math.Abs(slate.Count(placed => placed.Slot == layer.Slot) - (layer.Probability * Count)));
        }

        Assert.InRange(Furthest(100), 0, 1);
        Assert.True(Furthest(0) > 1, "the order of scores has other shares");
    }

    [Fact]
    public void Build_NoCalibration_IsTheOrderOfScores()
    {
        using var request = Request(World.Profile("e0", "e1", "n0"));
        var layers = LayerDistribution.For(request, request.User, RankingPolicy.Shipped, Options);

        var slate = SlateBuilder.Build(request, layers, 10, 0, World.Slates(), new Random(1));

        Assert.Equal(
            Enumerable.Range(0, request.Count).OrderByDescending(request.ScoreOf).Take(10), slate.Select(placed => placed.Candidate));
    }

    [Fact]
    public void Build_Exploration_LeavesTheFirstHalfAlone()
    {
        using var request = Request(World.Profile("e0", "n0"));
        var layers = LayerDistribution.For(request, request.User, RankingPolicy.Shipped, Options);
        var slates = Enumerable.Range(0, 200)
            .Select(seed => SlateBuilder.Build(request, layers, 10, 0.5, World.Slates(), new Random(seed))).ToList();

        Assert.All(
            slates.SelectMany(slate => slate.Take(5)),
            placed => Assert.Equal((1.0, false), (placed.Propensity, placed.Exploration)));
        Assert.Contains(slates, slate => slate.Skip(5).Any(placed => placed.Exploration));
    }

    [Theory]
    [InlineData(0, 0)] // nothing was shown: the rule has nothing to say
    [InlineData(20, .125)] // as much as the prior: half of its part
    [InlineData(20_000_000, .25)]
    public void For_ScoredRequest_MixesTheRuleWithTheMassOfTheScores(float shown, double share)
    {
        using var request = Request(World.Profile("e0", "n0"));
        var user = Shown(request, shown);
        var rule = LayerDistribution.For(request.View, request.History, user, RankingPolicy.Shipped, Options, request.NowMs);

        var mixed = LayerDistribution.For(request, user, RankingPolicy.Shipped, Options);

        var scores = Enumerable.Range(0, request.Count).Select(request.ScoreOf).ToArray();
        var total = scores.Sum(Math.Exp);
        Assert.Equal(1, mixed.Layers.Sum(layer => layer.Probability), 9);
        Assert.All(Enumerable.Range(0, 2), slot =>
        {
            var mass = Enumerable.Range(0, request.Count)
                .Where(candidate => request.View.Assignment.SlotOf(request.Items[candidate]) == slot).Sum(c => Math.Exp(scores[c])) / total;
            Assert.Equal((share * rule.Of(slot)) + ((1 - share) * mass), mixed.Of(slot), 6);
        });
    }

    [Fact]
    public void Build_ModerateCalibration_EvensOutTheLayersBehindTheFirstPositions()
    {
        const int Count = 20;
        using var request = Request(World.Profile("e0", "e1", "n0"));
        var layers = ByRule(request);
        var byScore = SlateBuilder.Build(request, layers, Count, 0, World.Slates(), new Random(1));

        var slate = SlateBuilder.Build(request, layers, Count, 0, World.Slates(calibration: 1), new Random(1));

        Assert.Equal(byScore.Take(4).Select(placed => placed.Candidate), slate.Take(4).Select(placed => placed.Candidate));
        Assert.NotEqual(
            byScore.Skip(10).Select(placed => placed.Slot).Order(), slate.Skip(10).Select(placed => placed.Slot).Order());
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(20, true)]
    [InlineData(20, false)]
    public void Debts_OfAllPositions_AreWorthTheSameInTheMean(int count, bool rising)
    {
        using var request = Request(World.Profile("e0"));
        var layers = LayerDistribution.For(request, request.User, RankingPolicy.Shipped, Options);
        var debts = new LayerDebts(layers, 3, worth: 2, rising ? count : null);
        var (slot, nobody, worth) = (layers.Layers[0].Slot, 2, 0.0);

        for (var position = 0; position < count; position++)
        {
            worth += debts.Of(slot) / (layers.Of(slot) * (position + 1));
            debts.Place(nobody);
        }

        Assert.Equal(2, worth / count, 9);
    }

    [Fact]
    public void For_LayerWithoutInterest_HasTheMassOfItsCandidates()
    {
        using var request = Request(World.Profile("n0"));

        var row = LayerDistribution.For(request, request.User, RankingPolicy.Shipped, Options);

        Assert.Equal(0, row.Layers.Single(layer => layer.LayerId == 1).LongInterest);
        Assert.InRange(row.Of(request.View.Layers.SlotOf(1)), 1e-6, 0.5);
    }

    [Fact]
    public void For_BoostedLayer_IsMoreProbable()
    {
        var boosted = World.Profile("e0", "n0");
        boosted.Controls.Add(new LayerControl { LayerId = 2, Action = LayerAction.Boost });
        using var plain = Request(World.Profile("e0", "n0"));
        using var request = Request(boosted);
        double Of(RankingRequest of)
            => LayerDistribution.For(of, of.User, RankingPolicy.Shipped, new SlateOptions { ScoreShare = 1, HeldShare = 0 })
                .Of(of.View.Layers.SlotOf(2));

        Assert.InRange(Of(request), Of(plain) * 1.05, 1);
    }

    [Theory]
    [InlineData(1, 0, 1u)]
    [InlineData(0, 1, 2u)]
    public void For_LastActIsASearch_IsTheLayerOfItsAnswers(float east, float north, uint layerId)
    {
        var profile = World.Profile("e0", "n0", "e1");
        profile.LastEventUnixMs = World.NowMs;
        profile.Queries.Add(new ProfileQuery { Text = "wanted", Vector = World.Encode(east, north), TimeUnixMs = World.NowMs });
        using var request = Request(profile);

        var row = LayerDistribution.For(request, request.User, RankingPolicy.Shipped, Options);

        Assert.Equal(layerId, row.Layers[0].LayerId);
        Assert.InRange(row.Layers[0].Probability, 0.9, 1);
    }

    [Fact]
    public void For_SearchInAMutedLayer_LeavesTheLayerOut()
    {
        var profile = World.Profile("e0", "n0");
        profile.Controls.Add(new LayerControl { LayerId = 2, Action = LayerAction.Mute });
        profile.LastEventUnixMs = World.NowMs;
        profile.Queries.Add(new ProfileQuery { Text = "wanted", Vector = World.Encode(0, 1), TimeUnixMs = World.NowMs });
        using var request = Request(profile);

        Assert.Equal(0, LayerDistribution.For(request, request.User, RankingPolicy.Shipped, Options).Of(request.View.Layers.SlotOf(2)));
    }

    // By the rule alone, for a user who was shown much.
    private static LayerDistribution ByRule(RankingRequest request) => LayerDistribution.For(
        request,
        Shown(request, 20_000_000),
        RankingPolicy.Shipped,
        new SlateOptions { ScoreShare = 0, HeldShare = 0, Rule = LayerRule.SquareCb, Gamma = 400 });

    // The user, who was shown so many items of both layers and clicked one in ten.
    private static UserState Shown(RankingRequest request, float shown) => request.User with
    {
        Policy = new UserPolicy
        {
            AsOfUnixMs = request.NowMs,
            LayerIds = { 1, 2 },
            Shown = { shown / 2, shown / 2 },
            Clicks = { shown / 20, shown / 20 },
        },
    };

    private static RankingRequest Request(Profile profile)
    {
        var world = new World();
        for (var i = 0; i < 24; i++)
        {
            world.Item($"e{i}", [1, i * 0.001f]).With(World.Activity($"e{i}", popularity: 50 - i)).Item($"n{i}", [i * 0.001f, 1])
                .With(World.Activity($"n{i}", popularity: 40 - i));
        }

        return world.With(World.LayerSet(1, [], (1, [1, 0], 5), (2, [0, 1], 5))).Published().Rank(profile);
    }
}
