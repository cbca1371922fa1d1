using Strata.Contracts.Layers.V1;
using Strata.Ranking.Browse.Core;
using Strata.Ranking.Index.Layers;
using Strata.Ranking.Users.Core;
using Change = Strata.Contracts.Layers.V1.LayerSetMarker.Types.Change;
using Kind = Strata.Contracts.Layers.V1.GetLayerLineageResponse.Types.Step.Types.Kind;

namespace Strata.Ranking.Tests.Browse;

[Trait("height", "unit")]
public sealed class LayerSummariesTests
{
    private const long Hour = 3_600_000;

    [Fact]
    public void Story_LayersOfTwoSeedingsAndAMove_SayWhereTheyComeFromAndWentAndWhy()
    {
        var marker = new LayerSetMarker { Version = 9, LayerIds = { 12, 13 } };
        marker.Changes.Add(new Change { Version = 1, Reason = Change.Types.Reason.Seeding, First = 1, Second = 3 });
        marker.Changes.Add(new Change
        {
            Version = 4,
            EventTimeUnixMs = 77,
            Reason = Change.Types.Reason.Need,
            Removed = 1,
            MergedInto = 2,
            Parent = 3,
            First = 4,
            Second = 5,
            Gain = 6,
            Need = 2,
        });
        marker.Changes.Add(
            new Change { Version = 9, Reason = Change.Types.Reason.Seeding, First = 12, Second = 13, Gone = { 2, 4, 5 } });
        marker.Heirs.Add(new LayerSetMarker.Types.Heir { Gone = 4, Heir_ = 13, Share = 1 });
        var layers = new LayerView(marker, [World.Layer(12, [1, 0]), World.Layer(13, [0, 1])]);

        Assert.Equal([(Kind.Seeded, ""), (Kind.Merged, "2")], Steps(layers, 1));
        Assert.Equal([(Kind.Seeded, ""), (Kind.Absorbed, "1"), (Kind.Died, "")], Steps(layers, 2));
        Assert.Equal([(Kind.Seeded, ""), (Kind.Split, "4 5")], Steps(layers, 3));
        Assert.Equal([(Kind.Born, "3 5"), (Kind.Died, "")], Steps(layers, 4));
        Assert.Equal([(Kind.Seeded, "")], Steps(layers, 13));
        Assert.Null(LayerStory.Of(layers, 99));
        var story = LayerStory.Of(layers, 4)!;
        Assert.Equal(
            (false, 77, "splitting layer 3 saves 6 of squared distance, layer 1 was worth 2"),
            (story.Alive, story.Steps[0].EventTimeUnixMs, story.Steps[0].Why));
        Assert.Equal((13u, 1d), (story.Heirs[0].LayerId, story.Heirs[0].Share));
        Assert.True(LayerStory.Of(layers, 13)!.Alive);
    }

    [Fact]
    public void Trends_OneLayerGrowsAndOneShrinks_AreTheLogarithmsOfTheirShares()
    {
        var (grows, shrinks) = (World.Layer(1, [1, 0]), World.Layer(2, [0, 1]));
        for (var hour = 0; hour < 48; hour++)
        {
            grows.Series.Add(new Layer.Types.Hour { Hour_ = 500 + hour, Points = hour < 24 ? 10u : 30u });
            shrinks.Series.Add(new Layer.Types.Hour { Hour_ = 500 + hour, Points = hour < 24 ? 30u : 10u });
        }

        var trends = new LayerTrends(new LayerView(new LayerSetMarker { Version = 1, LayerIds = { 1, 2 } }, [grows, shrinks]));

        // (24·30 + 1) of (24·40 + 2) after (24·10 + 1) of as many.
        Assert.Equal(Math.Log2(721.0 / 241), trends.TrendOf(grows), 12);
        Assert.Equal(-Math.Log2(721.0 / 241), trends.TrendOf(shrinks), 12);
        var series = trends.SeriesOf(grows).ToArray();
        Assert.Equal((48, 500 * Hour, .25, .75), (series.Length, series[0].StartUnixMs, series[0].Share, series[^1].Share));
    }

    [Fact]
    public void Trends_WithinTheFirstHour_AreNotKnown()
    {
        var layer = World.Layer(1, [1, 0]);
        layer.Series.Add(new Layer.Types.Hour { Hour_ = 500, Points = 9 });

        Assert.Equal(0, new LayerTrends(new LayerView(new LayerSetMarker { Version = 1, LayerIds = { 1 } }, [layer])).TrendOf(layer));
    }

    [Fact]
    public void Series_HoursWithoutPoints_AreThere()
    {
        var (one, other) = (World.Layer(1, [1, 0]), World.Layer(2, [0, 1]));
        one.Series.Add(new Layer.Types.Hour { Hour_ = 500, Points = 9 });
        other.Series.Add(new Layer.Types.Hour { Hour_ = 502, Points = 3 });
        var trends = new LayerTrends(new LayerView(new LayerSetMarker { Version = 1, LayerIds = { 1, 2 } }, [one, other]));

        Assert.Equal([(9ul, 1d), (0ul, 0d), (0ul, 0d)], trends.SeriesOf(one).Select(hour => (hour.Points, hour.Share)));
    }

    [Fact]
    public void OwnInterests_TwoKindsInOneLayer_AreTwoWithTheirMedoids()
    {
        // One layer; three items along one direction, the second of them in the middle, and one item across.
        var world = new World()
            .With(World.LayerSet(1, [0, 0, 0], (1, [1, 0, 0], 1)))
            .Item("a", [1, .5f, 0]).Item("b", [1, .6f, 0]).Item("c", [1, .7f, 0]).Item("across", [.2f, 0, 1]).Item("gone", null)
            .Published();
        var history = new UserHistory();
        history.Resolve(world.View, World.Profile("across", "a", "b", "c", "gone", "never"), World.NowMs);

        var interests = OwnInterests.In(world.View, history, 0);

        Assert.Equal(["b", "across"], interests.Select(interest => world.View.Items.Ids[interest.Item]));
        Assert.Equal([3, 1], interests.Select(interest => interest.Items));
        Assert.Equal(World.NowMs - (2 * World.HourMs), interests[0].LastMs);
        Assert.Equal(4.0 / 6, interests.Sum(interest => interest.Weight), 1e-3);
        Assert.Empty(OwnInterests.In(world.View, history, 1));
    }

    [Fact]
    public void Map_Layers_LieOnThePlaneOfTheirCentres()
    {
        var world = new World().With(World.LayerSet(3, [0, 0, 0], (1, [1, 0, 0], 1), (2, [-1, 0, 0], 3), (3, [0, .5f, 0], 2))).Published();

        var map = new LayerSummaries(world.View).Map();

        Assert.Equal([2u, 3u, 1u], map.Places.Select(place => place.LayerId));
        Assert.Equal(2, Math.Abs(map.Places[0].X - map.Places[2].X), 1e-6);
        Assert.Equal(1, map.Explained, 1e-9);
        Assert.Equal(3ul, map.Version);
    }

    private static IEnumerable<(Kind Kind, string Others)> Steps(LayerView layers, uint layer)
        => LayerStory.Of(layers, layer)!.Steps.Select(step => (step.Kind, string.Join(' ', step.OtherLayerIds)));
}
