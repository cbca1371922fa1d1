using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Serving.Core;
using Strata.Ranking.Slates;
using Strata.Ranking.Users.Core;

namespace Strata.Ranking.Tests.Slates;

[Trait("height", "unit")]
public sealed class SlateBuilderTests
{
    [Fact]
    public void Build_NoExploration_IsTheOrderOfScoresWithCertainty()
    {
        using var request = Request(out var layers);

        var slate = SlateBuilder.Build(request, layers, 5, exploration: 0, World.Slates(), new Random(1));

        Assert.Equal(
            Enumerable.Range(0, request.Count).OrderByDescending(request.ScoreOf).Take(5), slate.Select(placed => placed.Candidate));
        Assert.All(slate, placed => Assert.Equal((1.0, false), (placed.Propensity, placed.Exploration)));
    }

    [Fact]
    public void Choose_EveryPlace_ProbabilitiesSumToOne()
    {
        using var request = Request(out var layers);
        var places = new OpenPositions(request, layers, 10, World.Slates(0.05));

        for (var place = 0; place < 10; place++)
        {
            var choices = places.Choose(0.3);

            Assert.Equal(1, choices.Sum(choice => choice.Probability), 12);
            Assert.Equal(choices.Count, choices.Select(choice => choice.Candidate).Distinct().Count());
            places.Take(choices[place % choices.Count].Candidate);
        }
    }

    [Fact]
    public void Build_ManyDraws_ComeAsOftenAsTheirPropensitiesSay()
    {
        using var request = Request(out var layers);
        const int Draws = 20_000;
        var random = new Random(42);
        var seen = new Dictionary<int, (int Times, double Propensity)>();

        for (var draw = 0; draw < Draws; draw++)
        {
            var first = SlateBuilder.Build(request, layers, 1, exploration: 0.5, World.Slates(0.05), random)[0];
            seen[first.Candidate] = (seen.GetValueOrDefault(first.Candidate).Times + 1, first.Propensity);
        }

        Assert.True(seen.Count > 1);
        Assert.All(seen.Values, item => Assert.Equal(item.Propensity, (double)item.Times / Draws, 0.015));
    }

    [Fact]
    public void Build_SameRequestId_GivesTheSameSlate()
    {
        using var request = Request(out var layers);
        int[] Slate(string id)
            => [.. SlateBuilder.Build(request, layers, 10, 0.5, World.Slates(0.05), SlateSeed.RandomOf(id)).Select(placed => placed.Item)];

        Assert.Equal(Slate("request-1"), Slate("request-1"));
        Assert.Contains(Enumerable.Range(2, 20), i => !Slate("request-1").SequenceEqual(Slate($"request-{i}")));
    }

    [Fact]
    public void Build_MorePlacesThanCandidates_PlacesEachOnce()
    {
        using var request = Request(out var layers);

        var slate = SlateBuilder.Build(request, layers, 100, 1, World.Slates(1), new Random(1));

        Assert.Equal(request.Count, slate.Select(placed => placed.Candidate).Distinct().Count());
    }

    [Fact]
    public void Build_StrongDiversity_PlacesAnotherTasteSecond()
    {
        using var request = Request(out var layers);
        string[] Layers(double diversity)
            => [.. SlateBuilder.Build(request, layers, 2, 0, World.Slates(diversity), new Random(1))
                .Select(placed => request.View.Items.Ids[placed.Item][..1])];

        Assert.Equal(["e", "e"], Layers(0));
        Assert.Equal(["e", "n"], Layers(5));
    }

    private static RankingRequest Request(out LayerDistribution layers)
    {
        // The east is more popular throughout; the north is another layer.
        var world = new World();
        for (var i = 0; i < 12; i++)
        {
            world.Item($"e{i}", [1, i * 0.001f]).With(World.Activity($"e{i}", popularity: 50 - i)).Item($"n{i}", [i * 0.001f, 1])
                .With(World.Activity($"n{i}", popularity: 20 - i));
        }

        world.With(World.LayerSet(1, [], (1, [1, 0], 5), (2, [0, 1], 5))).Published();
        var request = world.Rank(null);
        layers = LayerDistribution.For(
            request.View, request.History, UserState.Unknown, RankingPolicy.Shipped, new SlateOptions(), World.NowMs);
        return request;
    }
}
