using Strata.Clustering.Groups;
using Strata.Clustering.Layers;
using Strata.Clustering.Layers.Wire;
using Strata.Clustering.Points.Core;
using Strata.Clustering.Reducer.Core;
using Strata.Contracts;
using Strata.Contracts.Layers.V1;
using Strata.Numerics;

namespace Strata.Clustering.Tests.Groups;

[Trait("height", "unit")]
public sealed class LayerGroupingTests
{
    private const int Dimensions = 32;

    [Fact]
    public void Of_LayersAroundThreeDirections_PutsEachDirectionIntoOneParent()
    {
        var set = Planted([.. Enumerable.Repeat(0, 6), .. Enumerable.Repeat(1, 6), .. Enumerable.Repeat(2, 6)]);

        var (groups, next) = LayerGrouping.Of(set, new GroupsOptions());

        var of = set.Layers.Select(layer => groups[layer.Id]).ToArray();
        Assert.Equal(3, of.Select(group => group.Parent).Distinct().Count());
        Assert.Equal(7, of.Select(group => group.Group).Distinct().Count());
        Assert.All(of.Chunk(6), direction => Assert.Single(direction.Select(group => group.Parent).Distinct()));
        Assert.All(of.GroupBy(group => group.Group), group => Assert.Single(group.Select(layer => layer.Parent).Distinct()));
        Assert.All(of.Chunk(6), direction => Assert.Single(direction.Select(group => group.Shape).Distinct()));
        Assert.Equal(14u, next);
    }

    [Fact]
    public void Of_LightLayerFarFromAll_IsNoiseAndAHeavyOneIsNot()
    {
        // The last two lie alone; the last is as heavy as the mean.
        var set = Planted([.. Enumerable.Repeat(0, 6), 1, 2], weights: [1, 1, 1, 1, 1, 1, .01, 1]);

        var (groups, _) = LayerGrouping.Of(set, new GroupsOptions { ShapeWeight = .9 });

        var shapes = set.Layers.Select(layer => groups[layer.Id].Shape).ToArray();
        Assert.Equal(0u, shapes[6]);
        Assert.NotEqual(0u, shapes[7]);
        Assert.Single(shapes.Take(6).Distinct());
        Assert.NotEqual(shapes[0], shapes[7]);
    }

    [Fact]
    public void Of_TheSameLayersAgain_KeepsEveryId()
    {
        var set = Planted([0, 0, 0, 1, 1, 1, 2, 2, 2]);
        var first = Grouped(set);

        // One layer went over to another direction; its group and parent follow their majorities.
        var moved = first with { Centroids = Planted([0, 0, 0, 1, 1, 1, 2, 2, 1]).Centroids };
        var second = Grouped(moved);

        Assert.Equal(Grouped(first).Layers.Select(layer => layer.Group), first.Layers.Select(layer => layer.Group));
        Assert.Equal(first.Layers.Take(8).Select(layer => layer.Group!.Parent), second.Layers.Take(8).Select(layer => layer.Group!.Parent));
        Assert.Equal(second.Layers[3].Group!.Parent, second.Layers[8].Group!.Parent);
    }

    [Fact]
    public void Give_ClusterThatDivides_LeavesTheIdToTheLargerPart()
    {
        var next = 9u;

        var ids = StableIds.Give([0, 0, 1, 1, 1, 2, -1], [4, 4, 4, 4, 4, 5, 5], ref next);

        Assert.Equal([9u, 9u, 4u, 4u, 4u, 5u, 0u], ids);
        Assert.Equal(10u, next);
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(8, 4, 2)]
    [InlineData(64, 16, 4)]
    [InlineData(1024, 102, 11)]
    public void GroupsFor_WithDefaults_AreTheRootsOfK(int layers, int groups, int parents)
        => Assert.Equal((groups, parents), (new GroupsOptions().GroupsFor(layers), new GroupsOptions().ParentsFor(layers)));

    [Fact]
    public async Task Reducer_Deltas_PublishesGroupsSeriesAndHistoryThatSurviveAnotherOwner()
    {
        const long start = 1_700_000_000_000;
        var world = new TopicWorld(8, Dimensions, .4, 1);
        // The worker ends before the reducer begins.
        var pipeline = new Pipeline(
            new LayersOptions { Layers = 8, EpochPoints = 64, HalfLifePoints = 400, MoveMembers = 12, ItemWeight = 0 },
            new PointsOptions { StaleEpochs = 1000 });
        await pipeline.SeedAsync(world);
        for (var i = 0; i < 2000; i++)
        {
            if (i == 700)
            {
                world.Replace(0);
            }

            pipeline.Append(0, $"u{i % 10}", world.Next().Vector, 1, start + (i * 60_000L));
        }

        await pipeline.WorkAsync(0);
        await pipeline.DrainAsync(0);
        await pipeline.ReduceAsync();
        var marker = LayerSetMarker.Parser.ParseFrom(
            pipeline.Logs.From(Topics.Layers, 0, 0).Last(record => record.Key == LayerSetCodec.MarkerKey).Value!.Value.Span);

        var set = pipeline.Set;
        Assert.All(set.Layers, layer => Assert.NotNull(layer.Group));
        Assert.True(
            set.NextGroupId > set.Layers.Max(layer => Math.Max(layer.Group!.Group, Math.Max(layer.Group.Parent, layer.Group.Shape))));
        Assert.Equal(LayerSetMarker.Types.Change.Types.Reason.Seeding, marker.Changes[0].Reason);
        Assert.Equal((1u, 8u), set.History.Changes[0].Seeded);
        Assert.Contains(set.History.Changes, change => change.Move is not null);
        Assert.All(set.History.Changes.Skip(1), change => Assert.True(change.EventTimeUnixMs >= start && !change.Move!.Requested));
        Assert.InRange(set.Layers.Sum(layer => layer.Series.Points.Values.Sum()), 1900, 2000);
        Assert.InRange(set.Layers.Max(layer => layer.Series.Points.Count), 20, 34);

        await pipeline.ReduceAsync(restart: true);
        Assert.Equal(set.Layers.Select(layer => layer.Group), pipeline.Set.Layers.Select(layer => layer.Group));
        Assert.Equal(set.History.Changes, pipeline.Set.History.Changes);
    }

    [Fact]
    public void Series_AnyOrder_HoldsTheLastHours()
    {
        (long Hour, long Points)[] points = [(3, 1), (50, 2), (51, 4), (10, 8), (51, 16)];

        LayerSeries Fold(IEnumerable<(long Hour, long Points)> order) => order.Aggregate(
            LayerSeries.Empty, (series, hour) => series.Add(hour.Hour * 3_600_000, hour.Points));

        Assert.Equal([new(10, 8), new(50, 2), new(51, 20)], Fold(points).Points);
        Assert.Equal(Fold(points).Points, Fold(points.Reverse()).Points);
        Assert.Equal([new(10, 4), new(50, 1), new(51, 10)], Fold(points).Times(.5).Points);
    }

    private static LayerSet Grouped(LayerSet set)
    {
        var stream = new LayerStream(set, new LayersOptions());
        var (groups, next) = LayerGrouping.Of(set, new GroupsOptions());
        stream.Group(groups, next);
        return stream.Set;
    }

    /// <summary>One layer for each entry, near the axis that it names; layers of one axis lie apart by their own axes.</summary>
    private static LayerSet Planted(int[] axes, double[]? weights = null)
    {
        var centroids = new float[axes.Length * Dimensions];
        for (var i = 0; i < axes.Length; i++)
        {
            var centroid = centroids.AsSpan(i * Dimensions, Dimensions);
            centroid[axes[i]] = 1;
            centroid[8 + i] = .2f;
            Assert.True(VectorMath.TryNormalize(centroid));
        }

        return new LayerSet
        {
            Version = 1,
            Seeding = 1,
            SeededItems = 1,
            Encoder = "test",
            Mean = new float[Dimensions],
            Centroids = centroids,
            NextLayerId = (uint)axes.Length + 1,
            HalfLifePoints = 1000,
            EpochPoints = 100,
            Samples = 64,
            Layers =
            [
                .. axes.Select((_, i) => new LayerState
                {
                    Id = (uint)i + 1, Version = 1, Weight = weights?[i] ?? 1, Sum = new double[Dimensions],
                    Need = 0, Error = 0, AsOfPoints = 0, BornPoints = 0,
                }),
            ],
        };
    }
}
