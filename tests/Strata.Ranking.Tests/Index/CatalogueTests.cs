using Strata.Ranking.Index.Items;
using Strata.Ranking.Serving.Core;
using Strata.Ranking.Users.Core;
using Strata.RankingModel;

namespace Strata.Ranking.Tests.Index;

[Trait("height", "unit")]
public sealed class CatalogueTests
{
    [Fact]
    public void Publish_WithoutCall_ShowsNoNewItem()
    {
        var world = new World().Item("a", [1, 0]);

        Assert.Equal(-1, world.View.IndexOf("a"));
        Assert.True(world.Published().View.IsAlive(world.View.IndexOf("a"), World.NowMs));
    }

    [Fact]
    public void Remove_AliveItem_TakesItOutOfEverything()
    {
        var world = new World().Item("a", [1, 0]).Item("b", [0, 1]).With(World.Activity("a", popularity: 5))
            .With(World.Activity("b", popularity: 1)).Published();
        var item = world.View.IndexOf("a");

        world.Catalogue.Remove("a");
        world.Published();

        Assert.False(world.View.IsAlive(item, World.NowMs));
        Assert.Equal(-1, world.View.Vectors.RowOf(item));
        Assert.All(world.View.Popular, list => Assert.DoesNotContain(item, list.Items.ToArray()));
        Assert.DoesNotContain(item, world.View.Fresh.Items.ToArray());
        Assert.Equal(
            1, world.View.Assignment.PopularityShare(world.View.IndexOf("b"), world.View.Items.Activity[world.View.IndexOf("b")]), 9);
    }

    [Fact]
    public void Put_ItemAgainAfterTombstone_BringsItBackWithItsActivity()
    {
        var world = new World().Item("a", [1, 0]).With(World.Activity("a", popularity: 5)).Published();

        world.Catalogue.Remove("a");
        world.Published().Item("a", [0, 1]).Published();

        Assert.True(world.View.IsAlive(world.View.IndexOf("a"), World.NowMs));
        Assert.Equal([world.View.IndexOf("a")], world.View.Popular[HalfLives.Day].Items.ToArray());
        Assert.Equal(1, world.View.Vectors.Vector(world.View.Vectors.RowOf(world.View.IndexOf("a")))[1], 1e-2);
    }

    [Fact]
    public void Publish_OneItemsEventHoursAhead_MovesNobodyElsesTime()
    {
        var world = new World();
        for (var i = 0; i < 5; i++)
        {
            world.Item($"i{i}").With(World.Activity($"i{i}", popularity: 1, asOfMs: World.NowMs + i));
        }

        world.Item("ahead").With(World.Activity("ahead", popularity: 1, asOfMs: World.NowMs + (10 * World.HourMs))).Published();

        Assert.InRange(StreamTime.NowMs(world.View, UserState.Unknown, DateTimeOffset.MaxValue), World.NowMs, World.NowMs + 4);
    }

    [Fact]
    public void Put_ItemBeforeItsCreation_IsNotAliveYet()
    {
        var world = new World().Item("later", [1, 0], createdMs: World.NowMs + 1).Published();

        Assert.False(world.View.IsAlive(0, World.NowMs));
        Assert.True(world.View.IsAlive(0, World.NowMs + 1));
    }

    [Fact]
    public void Put_LayerSet_CentresByItsMeanAndAssignsTheNearestLayer()
    {
        // Raw, both items are nearly parallel; around the mean they are opposite.
        var world = new World().Item("a", [10, 1]).Item("b", [10, -1])
            .With(World.LayerSet(1, [0.995f, 0], (7, [0, 1], 1), (9, [0, -1], 1))).Published();

        Assert.Equal(0, world.View.Assignment.SlotOf(world.View.IndexOf("a")));
        Assert.Equal(9u, world.View.Layers.IdOf(world.View.Assignment.SlotOf(world.View.IndexOf("b"))));
        Assert.Equal(1, world.View.Vectors.Vector(world.View.Vectors.RowOf(world.View.IndexOf("a")))[1], 1e-3);
    }

    [Fact]
    public void Put_LayerSetWithoutALayerAndThenWithItAgain_ReassignsItsItems()
    {
        var world = new World().Item("a", [1, 0]).Item("b", [0, 1]);
        var both = World.LayerSet(1, [], (1, [1, 0], 1), (2, [0, 1], 1));
        uint LayerOf(string id) => world.View.Layers.IdOf(world.View.Assignment.SlotOf(world.View.IndexOf(id)));

        world.With(both).Published();
        Assert.Equal((1u, 2u), (LayerOf("a"), LayerOf("b")));

        world.With(World.LayerSet(2, [], (1, [1, 0], 1))).Published();
        Assert.Equal((1u, 1u), (LayerOf("a"), LayerOf("b")));

        world.With(World.LayerSet(3, [], (1, [1, 0], 1), (2, [0, 1], 1))).Published();
        Assert.Equal((1u, 2u), (LayerOf("a"), LayerOf("b")));
    }

    [Fact]
    public void Put_LayerThatMovedAlone_EqualsAssigningEverything()
    {
        var random = new Random(5);
        float[] Unit()
        {
            var vector = Enumerable.Range(0, 8).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray();
            Strata.Numerics.VectorMath.TryNormalize(vector);
            return vector;
        }

        var world = new World();
        for (var i = 0; i < 500; i++)
        {
            world.Item($"i{i}", Unit());
        }

        var layers = Enumerable.Range(1, 12).Select(id => ((uint)id, Unit(), 1.0)).ToArray();
        world.With(World.LayerSet(1, [], layers));
        layers[4].Item2 = Unit();
        world.With(World.LayerSet(2, [], layers)).Published();

        for (var item = 0; item < 500; item++)
        {
            Assert.Equal(
                world.View.Layers.Nearest(world.View.Vectors.Vector(world.View.Vectors.RowOf(item))), world.View.Assignment.SlotOf(item));
        }
    }

    [Fact]
    public void Popular_After500HalfLives_KeepsItsOrderAndIsFinite()
    {
        // One hour is the shortest half-life: 500 of them later nothing may be noise, overflow or gone.
        var world = new World().Item("old", [1, 0]).Item("less", [1, 0]).Item("more", [0, 1]);
        world.With(World.Activity("less", popularity: 2)).With(World.Activity("more", popularity: 3));
        world.With(World.Activity("old", popularity: 1000, asOfMs: World.NowMs - (500 * 7 * World.DayMs))).Published();
        var later = World.NowMs + (500 * World.HourMs);

        using var request = world.Rank(null, nowMs: later);

        Assert.Equal(["more", "less", "old"], World.Ids(request, SourceSchema.Popular1h));
        Assert.Equal(["more", "less", "old"], World.Ids(request, SourceSchema.Popular7d));
        Assert.Equal(["old", "more", "less"], World.Ids(request, SourceSchema.PopularAll));
        Assert.Equal(Math.Log(0.02 + (3 * Math.Pow(2, -500 / 168.0))), world.Feature(request, "more", FeatureSchema.Popular7d), 1e-5);
        Assert.All(request.AllFeatures.ToArray(), value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void PopularityShare_AcrossHundredsOfHalfLives_StaysAShare()
    {
        var world = new World().Item("a", [1, 0]).Item("b", [1, 0]).With(World.LayerSet(1, [], (1, [1, 0], 1)));
        for (var week = 0; week < 1300; week++)
        {
            world.With(World.Activity("a", popularity: 3, asOfMs: week * 7 * World.DayMs))
                .With(World.Activity("b", popularity: 1, asOfMs: week * 7 * World.DayMs));
        }

        world.Published();

        Assert.Equal(0.75, world.View.Assignment.PopularityShare(0, world.View.Items.Activity[0]), 9);
    }

    [Fact]
    public void Publish_ManyNewVersions_ForgetsTheOldVectors()
    {
        var world = new World().Item("a", [1, 0]).Item("b", [0, 1]).Published();

        for (var version = 0; version < 3000; version++)
        {
            world.Item("a", [1, 1]).Published();
        }

        Assert.True(world.View.Vectors.Rows < 1500);
        Assert.Equal(
            0.7, world.View.Vectors.Cosine(world.View.Vectors.RowOf(0), world.View.Vectors.RowOf(1)), 1e-2);
    }

    [Fact]
    public void Readable_StemOfATitle_IsTheWordThatPeopleWrite()
    {
        var world = new World().Item("a", title: "Old Candies, sweet", terms: ["candi", "sweet"])
            .Item("b", title: "Sweet box", terms: ["sweet", "box"]).Published();

        Assert.Equal("candies", world.View.Terms.Readable("candi"));
        Assert.Equal("unknown", world.View.Terms.Readable("unknown"));
        Assert.Equal(Math.Log(3.0 / 2) + 1, world.View.Terms.Idf("box"), 12);
        Assert.Equal(1, world.View.Terms.Idf("sweet"), 12);
    }
}
