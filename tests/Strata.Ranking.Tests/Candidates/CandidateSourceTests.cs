using Microsoft.Extensions.Options;
using Strata.Contracts.Events.V1;
using Strata.Contracts.State.V1;
using Strata.Ranking.Candidates;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Candidates.Sources;
using Strata.Ranking.Index.Core;
using Strata.RankingModel;

namespace Strata.Ranking.Tests.Candidates;

[Trait("height", "unit")]
public sealed class CandidateSourceTests
{
    [Fact]
    public void All_InOrder_AreTheSchemasSources()
        => Assert.Equal(Enumerable.Range(0, SourceSchema.Count), CandidateSources.All.Select(source => source.Index));

    [Fact]
    public void Options_UnknownSource_FailWithTheNamesThatThereAre()
    {
        var result = new CandidateSourceNamesValidator().Validate(null, new CandidateOptions { Sources = ["fresh", "freshest"] });

        Assert.True(result.Failed);
        Assert.Contains("freshest", result.FailureMessage, StringComparison.Ordinal);
        Assert.Equal(
            ValidateOptionsResult.Success,
            new CandidateSourceNamesValidator().Validate(null, new CandidateOptions { Sources = ["fresh"] }));
    }

    [Fact]
    public void Neighbours_ThreeItems_AddUpByHand()
    {
        // A[x][c] = 4 as of 90 d ago (one half-life): 2 now. nA[x] = 10 now: 5. nA[c] = 4.
        var x = World.Activity("x", firstTouches: 10, asOfMs: World.NowMs - (90 * World.DayMs));
        x.CoVisits.Add(World.Neighbour("c", 4));
        var y = World.Activity("y", firstTouches: 20);
        y.CoVisits.Add(World.Neighbour("c", 3));
        var world = new World().Item("x").Item("y").Item("c").With(x).With(y).With(World.Activity("c", firstTouches: 4)).Published();

        using var request = world.Rank(World.Profile("x", "y"));

        var fromX = 2 / Math.Sqrt((5 + 5) * (4 + 5));
        var fromY = 3 / Math.Sqrt((20 + 5) * (4 + 5));
        var c = world.View.IndexOf("c");
        Assert.Equal(fromX, request.Neighbours.One[c], 9);
        Assert.Equal(fromX + (0.6 * fromY), request.Neighbours.Three[c], 9);
        Assert.Equal(fromX + (0.8 * fromY), request.Neighbours.Five[c], 9);
        Assert.Equal(Math.Log((0.1 / 3) + fromX), world.Feature(request, "c", FeatureSchema.Neighbours1Log), 1e-5);
        Assert.Equal(["c"], World.Ids(request, SourceSchema.Neighbours3));
    }

    [Fact]
    public void Next_TwoItems_AddsUpByHand()
    {
        // B[x][c] = 2 and nB[x] = 6 as of 60 d ago: 1 and 3 now.
        var x = World.Activity("x", transitionsOut: 6, asOfMs: World.NowMs - (60 * World.DayMs));
        x.Transitions.Add(World.Neighbour("c", 2));
        var y = World.Activity("y", transitionsOut: 2);
        y.Transitions.Add(World.Neighbour("c", 1));
        y.Transitions.Add(World.Neighbour("d", 0.5f));
        var world = new World().Item("x").Item("y").Item("c").Item("d").With(x).With(y).Published();

        using var request = world.Rank(World.Profile("x", "y"));

        Assert.Equal((1 / 5.0) + (0.7 * 1 / 4), request.Neighbours.Next[world.View.IndexOf("c")], 9);
        Assert.Equal(["c", "d"], World.Ids(request, SourceSchema.Next));
        Assert.Equal(Math.Sqrt(0.7 * 0.5 / 4 / 0.375), world.Feature(request, "d", FeatureSchema.NextShare), 1e-6);
    }

    [Fact]
    public void TextSources_TwoTastes_FindEachTasteAndTheirMean()
    {
        var world = new World().Item("east", [1, 0, 0]).Item("north", [0, 1, 0]).Item("eastward", [1, 0.1f, 0])
            .Item("northward", [0.1f, 1, 0]).Item("between", [1, 1, 0]).Item("up", [0, 0, 1]);
        world.With(World.LayerSet(1, [], (1, [1, 0, 0], 1), (2, [0, 1, 0], 1), (3, [0, 0, 1], 1))).Published();
        var profile = World.Profile("east", "north");

        using var request = world.Rank(profile);

        Assert.Equal("between", World.Ids(request, SourceSchema.RecentText)[0]);
        Assert.Equal(["eastward", "northward"], World.Ids(request, SourceSchema.Nearest)[..2].Order());
        Assert.Equal(["eastward", "northward"], World.Ids(request, SourceSchema.Layers)[..2].Order());
        Assert.DoesNotContain("up", World.Ids(request, SourceSchema.Layers));
        var share = request.History.RecencyShare(request.View.Assignment.SlotOf(world.View.IndexOf("eastward")));
        Assert.Equal(Math.Pow(share, 0.3) / Math.Sqrt(1.01), world.Feature(request, "eastward", FeatureSchema.Layers), 1e-2);
        Assert.Equal((1 + 0.7) / Math.Sqrt(1.49) / Math.Sqrt(2), world.Feature(request, "between", FeatureSchema.RecentText), 1e-2);
    }

    [Fact]
    public void TextScores_LayerScan_AgreesWithTheExactOneInTheUsersLayers()
    {
        var random = new Random(3);
        float[] Vector(int centre) => [.. Enumerable.Range(0, 6).Select(d => (d == centre ? 1f : 0) + ((float)random.NextDouble() * 0.4f))];
        var exact = new World();
        var layered = new World(new IndexOptions { ExactScanItems = 50, MostScanItems = 50 });
        for (var i = 0; i < 90; i++)
        {
            var vector = Vector(i % 3);
            exact.Item($"i{i}", vector);
            layered.Item($"i{i}", vector);
        }

        var layers = World.LayerSet(1, [], (1, [1, 0, 0, 0, 0, 0], 1), (2, [0, 1, 0, 0, 0, 0], 1), (3, [0, 0, 1, 0, 0, 0], 1));
        exact.With(layers).Published();
        layered.With(layers).Published();

        using var all = exact.Rank(World.Profile("i0", "i3", "i6"));
        using var some = layered.Rank(World.Profile("i0", "i3", "i6"));

        Assert.Equal(World.Ids(all, SourceSchema.RecentText)[..10], World.Ids(some, SourceSchema.RecentText)[..10]);
        Assert.Equal(World.Ids(all, SourceSchema.Layers)[..10], World.Ids(some, SourceSchema.Layers)[..10]);
        Assert.Equal(World.Ids(all, SourceSchema.Nearest)[..5], World.Ids(some, SourceSchema.Nearest)[..5]);
        Assert.Equal(exact.Feature(all, "i9", FeatureSchema.Centroid), layered.Feature(some, "i9", FeatureSchema.Centroid), 1e-4);
        Assert.Equal(30, some.Text.Count - some.Items.ToArray().Count(item => item % 3 != 0));
    }

    [Fact]
    public void TextScores_UserWithAQuery_IsComparedWithEveryItemOfALargerCatalogue()
    {
        var world = new World(new IndexOptions { ExactScanItems = 2, MostScanItems = 9 });
        foreach (var n in Enumerable.Range(0, 9))
        {
            world.Item($"i{n}", n % 2 == 0 ? [1, 0] : [0, 1]);
        }

        world.With(World.LayerSet(1, [], (1, [1, 0], 1), (2, [0, 1], 1))).Published();
        var searching = World.Profile("i0");
        searching.Queries.Add(new ProfileQuery { Text = "go", Vector = World.Encode(1, 0), TimeUnixMs = World.NowMs });

        using var one = world.Rank(World.Profile("i0"));
        using var other = world.Rank(searching);

        Assert.Equal(5, one.Text.Count - one.Items.ToArray().Count(item => item % 2 != 0));
        Assert.Equal(9, other.Text.Count);
    }

    [Fact]
    public void Search_FreshQuery_FindsWhatIsLikeItAndForgetsItAfterADay()
    {
        var world = new World().Item("east", [1, 0]).Item("north", [0, 1]).Published();
        var profile = new Profile { LastEventUnixMs = World.NowMs };
        profile.Queries.Add(new ProfileQuery { Text = "go north", Vector = World.Encode(0, 1), TimeUnixMs = World.NowMs });

        using var now = world.Rank(profile);
        Assert.Equal(["north"], World.Ids(now, SourceSchema.Search));
        Assert.Equal("north", world.View.Items.Ids[now.Items[Best(now)]]);

        using var later = world.Rank(profile, nowMs: World.NowMs + (25 * World.HourMs));
        Assert.Empty(World.Ids(later, SourceSchema.Search));
    }

    [Fact]
    public void TrendingInLayer_UsersLayer_BeatsAMorePopularItemElsewhere()
    {
        var world = new World().Item("own", [1, 0]).Item("like", [1, 0]).Item("other", [0, 1]).With(World.Activity("like", popularity: 1))
            .With(World.Activity("other", popularity: 50));
        world.With(World.LayerSet(1, [], (1, [1, 0], 1), (2, [0, 1], 1))).Published();

        using var request = world.Rank(World.Profile("own"));

        Assert.Equal(["like"], World.Ids(request, SourceSchema.TrendingInLayer));
        Assert.Equal(Math.Log(1e-3 + (2 * 1.0)), world.Feature(request, "like", FeatureSchema.TrendingInLayer), 1e-5);
        Assert.Equal(1, world.Feature(request, "like", FeatureSchema.LayerShort), 1e-6);
    }

    [Fact]
    public void Fresh_MixedBirths_ListsTheNewestThatAreThere()
    {
        var world = new World().Item("old", createdMs: World.NowMs - World.DayMs).Item("new", createdMs: World.NowMs - 1)
            .Item("later", createdMs: World.NowMs + 1).Item("touched").Item("never");
        world.With(World.Activity("touched", popularity: 1)).Published();

        using var request = world.Rank(null);

        Assert.Equal(["new", "touched", "old"], World.Ids(request, SourceSchema.Fresh));
        Assert.Equal(10.0 / 11, world.Feature(request, "touched", FeatureSchema.FreshRank), 1e-6);
        Assert.Equal(12, world.Feature(request, "never", FeatureSchema.Age), 1e-6);
        Assert.Equal(Math.Log(1 + 24), world.Feature(request, "old", FeatureSchema.Age), 1e-5);
    }

    [Fact]
    public void Allows_OwnedDismissedAndExcluded_StayAway()
    {
        var world = new World().Item("owned").Item("dismissed").Item("excluded").Item("free").Published();
        var profile = World.Profile("owned", "dismissed");
        profile.Items[1].Kinds |= 1u << (int)EventKind.Dismiss;
        string[] Ids(RankingRequest request) => [.. request.Items.ToArray().Select(item => request.View.Items.Ids[item]).Order()];

        using (var request = world.Rank(profile, new RequestConstraints(Exclude: ["excluded"])))
        {
            Assert.Equal(["free"], Ids(request));
            Assert.Equal(1, request.History.Count);
        }

        using (var request = world.Rank(profile, new RequestConstraints(AllowRepeats: true)))
        {
            Assert.Equal(["excluded", "free", "owned"], Ids(request));
            Assert.Equal(["owned"], World.Ids(request, SourceSchema.Repeat));
        }
    }

    [Fact]
    public void Gather_UserWithEverything_OffersItAgain()
    {
        var world = new World().Item("a").Published();

        using var request = world.Rank(World.Profile("a"));

        Assert.True(request.RepeatsForced);
        Assert.Equal(1, request.Count);
    }

    [Fact]
    public void Gather_ManyItems_UnitesInTurnsUpToTheLimit()
    {
        var world = new World(candidates: new CandidateOptions { Limit = 3, PerSource = 2, Sources = ["popular_1d", "fresh"] });
        for (var i = 0; i < 6; i++)
        {
            world.Item($"p{i}", createdMs: World.NowMs - World.DayMs).With(World.Activity($"p{i}", popularity: 10 - i))
                .Item($"f{i}", createdMs: World.NowMs - i);
        }

        world.Published();
        using var request = world.Rank(null);

        Assert.Equal(["p0", "f0", "p1"], request.Items.ToArray().Select(item => request.View.Items.Ids[item]));
    }

    [Fact]
    public void Gather_NeighbourWithoutFeatures_IsNoCandidate()
    {
        var x = World.Activity("x", firstTouches: 1);
        x.CoVisits.Add(World.Neighbour("unknown", 9));
        var world = new World().Item("x").Item("y").With(x).Published();

        using var request = world.Rank(World.Profile("x"));

        Assert.Equal(["y"], request.Items.ToArray().Select(item => request.View.Items.Ids[item]));
    }

    private static int Best(RankingRequest request)
        => Enumerable.Range(0, request.Count).MaxBy(request.ScoreOf);
}
