using Strata.Contracts.State.V1;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Slates;
using Strata.Ranking.Users.Core;

namespace Strata.Ranking.Tests.Slates;

/// <summary>Positions that explore go where they teach most.</summary>
[Trait("height", "unit")]
public sealed class ExplorationTests
{
    private const int Draws = 400;

    [Fact]
    public void Build_LayerOfTwoAlikeItems_TriesTheOneLessKnown()
    {
        // Both are what nobody took of late; only one of them has been there for thousands.
        Assert.Equal("little", Explored(new SlateOptions { Curiosity = 5 }).MaxBy(tried => tried.Value).Key);
        Assert.Equal("much", Explored(new SlateOptions { Curiosity = 0 }).MaxBy(tried => tried.Value).Key);
    }

    [Fact]
    public void Build_LayerShownOftenInVain_IsTriedLessThanItsProbabilitySays()
    {
        float[] weight = [8, 1, 1];
        var weights = new UserLayers
        {
            AsOfUnixMs = World.NowMs,
            LayerIds = { 1, 2, 3 },
            LongWeights = { weight },
            ShortWeights = { weight },
        };
        var outcomes = new UserPolicy { AsOfUnixMs = World.NowMs, LayerIds = { 2 }, Shown = { 300 }, Clicks = { 3 } };
        var options = new SlateOptions();
        using var request = Shop().Rank(null);
        var layers = LayerDistribution.For(
            request.View, request.History, new UserState(null, weights, outcomes), RankingPolicy.Shipped, options, World.NowMs);

        var choices = new OpenPositions(request, layers, 1, options).Choose(exploration: 1)
            .ToDictionary(choice => request.View.Assignment.SlotOf(request.Items[choice.Candidate]), choice => choice.Probability);

        // 300 of their own beside the 20 that all users' weigh: a quarter of the doubt.
        Assert.Equal(0.25 * layers.Of(1) / layers.Of(2), choices[1] / choices[2], 1e-9);
        Assert.Equal(1, choices.Values.Sum(), 1e-9);
    }

    private static Dictionary<string, int> Explored(SlateOptions options)
    {
        using var request = Shop().Rank(null);
        var layers = LayerDistribution.For(
            request.View, request.History, UserState.Unknown, RankingPolicy.Shipped, options, World.NowMs);
        var tried = new Dictionary<string, int>();
        for (var draw = 0; draw < Draws; draw++)
        {
            var first = SlateBuilder.Build(request, layers, 1, exploration: 1, options, new Random(draw))[0];
            if (first.Slot == 1)
            {
                var id = request.View.Items.Ids[first.Item];
                tried[id] = tried.GetValueOrDefault(id) + 1;
            }
        }

        return tried;
    }

    private static World Shop()
        => new World()
            .Item("best", [1, 0]).With(World.Activity("best", popularity: 50))
            .Item("much", [0, 1]).With(World.Activity("much", popularity: 20))
            .Item("little", [0, 1]).With(World.Activity("little", popularity: 1))
            .Item("other", [-1, 0]).With(World.Activity("other", popularity: 10))
            .With(World.LayerSet(1, [], (1, [1, 0], 5), (2, [0, 1], 5), (3, [-1, 0], 5))).Published();
}
