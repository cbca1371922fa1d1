using Strata.Contracts.Layers.V1;
using Strata.Contracts.Policy.V1;
using Strata.Contracts.State.V1;
using Strata.Ranking.Index.Layers;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Slates;
using Strata.Ranking.Users.Core;
using Strata.RankingModel;

namespace Strata.Ranking.Tests.Slates;

[Trait("height", "unit")]
public sealed class LayerDistributionTests
{
    private readonly World _world = new World().Item("a", [1, 0]).Item("b", [0, 1])
        .With(World.LayerSet(3, [], (1, [1, 0], 8), (2, [0, 1], 2), (3, [-1, 0], 1))).Published();

    [Theory]
    [InlineData(LayerRule.SquareCb)]
    [InlineData(LayerRule.Softmax)]
    [InlineData(LayerRule.Liking)]
    public void For_AnyUser_SumsToOneAndKeepsTheFloor(LayerRule rule)
    {
        UserState[] users =
            [UserState.Unknown, new(World.Profile("a")), new(null, Weights((1, 5, 0), (2, 1, 1)), Outcomes(1, 9, 10))];
        foreach (var user in users)
        {
            var row = For(user, options: new SlateOptions { Rule = rule, Floor = 0.1 });

            Assert.Equal(1, row.Layers.Sum(layer => layer.Probability), 12);
            Assert.All(row.Layers, layer => Assert.True(layer.Probability >= 0.1 / row.Layers.Count - 1e-12));
        }
    }

    [Fact]
    public void For_MoreInterest_IsMoreProbable()
    {
        var row = For(new UserState(null, Weights((1, 1, 1), (2, 9, 9))));

        Assert.Equal([2u, 1u], row.Layers.Select(layer => layer.LayerId));
        Assert.Equal((0.9, 0.9), (row.Layers[0].LongInterest, row.Layers[0].ShortInterest));
        Assert.True(row.Layers[0].Probability > 2 * row.Layers[1].Probability);
    }

    [Fact]
    public void For_MoreDismissedThanLiked_IsNoInterest()
    {
        var row = For(new UserState(null, Weights((1, -2, -2), (2, 3, 3), (3, -1, .5f))));

        var liked = row.Layers.Single(layer => layer.LayerId == 2);
        Assert.Equal(1, liked.LongInterest, 1e-6);
        Assert.Equal(6 / 7.0, liked.ShortInterest, 1e-6);
        Assert.All(row.Layers.Where(layer => layer.LayerId == 1), layer => Assert.Equal((0, 0), (layer.LongInterest, layer.ShortInterest)));
        Assert.Equal(1, row.Layers.Sum(layer => layer.Probability), 12);
    }

    [Fact]
    public void For_ClicksOfTheirOwn_OutweighInterest()
    {
        var row = For(new UserState(null, Weights((1, 9, 9), (2, 1, 1)), Outcomes(2, 30, 60)));

        Assert.Equal(2u, row.Layers[0].LayerId);
    }

    [Fact]
    public void For_EvidenceOfLiking_OutweighsInterestAndCounts()
    {
        var outcomes = Outcomes(2, 0, 60);
        outcomes.Evidence.Add(6);
        outcomes.EvidenceLayerIds.Add(2);

        var row = For(new UserState(null, Weights((1, 9, 9), (2, 1, 1)), outcomes));

        Assert.Equal(2u, row.Layers[0].LayerId);
        Assert.InRange(row.Layers[0].Belief, 0.95, 1);
        Assert.InRange(row.Layers[1].Belief, LayerLiking.Nominal, 0.3);
    }

    [Fact]
    public void For_WhatLikersClick_RaisesALayer()
    {
        var policy = new Policy { Clicks = 110, Shown = 1200, LikedClicks = 100, LikedShown = 400 };
        policy.Layers.Add(new Policy.Types.LayerRate { LayerId = 1, Clicks = 15, Shown = 600, LikedClicks = 10, LikedShown = 200 });
        policy.Layers.Add(new Policy.Types.LayerRate { LayerId = 2, Clicks = 95, Shown = 600, LikedClicks = 90, LikedShown = 200 });

        var row = For(new UserState(null, Weights((1, 1, 1), (2, 1, 1))), RankingPolicy.From(policy));

        Assert.Equal(2u, row.Layers[0].LayerId);
    }

    [Fact]
    public void For_OldOutcomes_FadeWithAHalfLifeOf30Days()
    {
        var old = Outcomes(2, 30, 60);
        old.AsOfUnixMs = World.NowMs - (600 * World.DayMs);

        var row = For(new UserState(null, Weights((1, 9, 9), (2, 1, 1)), old));

        Assert.Equal(1u, row.Layers[0].LayerId);
    }

    [Fact]
    public void For_NewLayers_AreTheHeaviestThatAreNotTheirs()
    {
        var user = new UserState(null, Weights((2, 1, 1)));

        Assert.Equal([2u], For(user).Layers.Select(layer => layer.LayerId));
        var row = For(user, options: new SlateOptions { NewLayers = 1, Floor = 1 });

        Assert.Equal([1u, 2u], row.Layers.Select(layer => layer.LayerId).Order());
        Assert.All(row.Layers, layer => Assert.Equal(0.5, layer.Probability, 12));
        Assert.Equal(0, row.Layers.Single(layer => layer.LayerId == 1).LongInterest);
    }

    [Fact]
    public void For_EverybodysClicks_RaiseALayer()
    {
        var policy = new Policy { Clicks = 100, Shown = 2000 };
        policy.Layers.Add(new Policy.Types.LayerRate { LayerId = 2, Clicks = 90, Shown = 300 });

        var row = For(new UserState(null, Weights((1, 1, 1), (2, 1, 1))), RankingPolicy.From(policy));

        Assert.Equal(2u, row.Layers[0].LayerId);
    }

    [Fact]
    public void For_LayersThatAreGone_AreLeftOutAndComeBack()
    {
        var user = new UserState(null, Weights((1, 1, 1), (77, 9, 9)));
        Assert.Equal([1u], For(user).Layers.Select(layer => layer.LayerId));
        Assert.Equal(1, For(user).Layers[0].Probability, 12);

        _world.With(World.LayerSet(4, [], (1, [1, 0], 8), (77, [0, 1], 2))).Published();
        Assert.Equal([77u, 1u], For(user).Layers.Select(layer => layer.LayerId));
    }

    [Theory]
    [InlineData("b", 1)]
    [InlineData("deleted", .1)]
    public void For_ALayerThatWasSplit_GoesWhereWhatWasTouchedLies(string touched, double share)
    {
        var split = World.LayerSet(4, [], (1, [1, 0], 8), (2, [0, 1], 2)).Marker;
        split.Heirs.Add(new LayerSetMarker.Types.Heir { Gone = 77, Heir_ = 1, Share = .9f });
        split.Heirs.Add(new LayerSetMarker.Types.Heir { Gone = 77, Heir_ = 2, Share = .1f });
        _world.With(new LayerView(split, [World.Layer(1, [1, 0]), World.Layer(2, [0, 1])])).Published();
        var weights = Weights((1, 1, 1), (77, 1, 1));
        weights.TouchedItemIds.AddRange(["a", touched]);
        weights.TouchedCounts.AddRange([1u, 1u]);

        var row = For(new UserState(null, weights));

        Assert.Equal(share / 2, row.Layers.Single(layer => layer.LayerId == 2).LongInterest, 1e-6);
    }

    [Fact]
    public void For_Stranger_HasEverybodysLayersWithoutInterest()
    {
        var row = For(UserState.Unknown);

        Assert.Equal(1u, row.Layers[0].LayerId);
        Assert.All(row.Layers, layer => Assert.Equal(0, layer.LongInterest));
    }

    [Fact]
    public void For_ShortWeightsAllGone_FallsBackToLongOnes()
        => Assert.Equal(0.75, For(new UserState(null, Weights((1, 3, 0), (2, 1, 0)))).Layers[0].ShortInterest, 6);

    private static UserLayers Weights(params (uint Id, float Long, float Short)[] layers)
    {
        var weights = new UserLayers();
        weights.LayerIds.AddRange(layers.Select(layer => layer.Id));
        weights.LongWeights.AddRange(layers.Select(layer => layer.Long));
        weights.ShortWeights.AddRange(layers.Select(layer => layer.Short));
        return weights;
    }

    private static UserPolicy Outcomes(uint layer, float clicks, float shown)
        => new() { LayerIds = { layer }, Clicks = { clicks }, Shown = { shown }, AsOfUnixMs = World.NowMs };

    private LayerDistribution For(UserState user, RankingPolicy? policy = null, SlateOptions? options = null)
    {
        var history = new UserHistory();
        history.Resolve(_world.View, user.Profile, World.NowMs);
        return LayerDistribution.For(
            _world.View, history, user, policy ?? RankingPolicy.Shipped, options ?? new SlateOptions(), World.NowMs);
    }
}
