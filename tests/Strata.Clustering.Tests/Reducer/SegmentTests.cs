using Strata.Clustering.Layers;
using Strata.Clustering.Points.Core;
using Strata.Clustering.Reducer.Core;
using Strata.Contracts;
using Strata.Contracts.Features.V1;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.Users.V1;
using Strata.Numerics;

namespace Strata.Clustering.Tests.Reducer;

/// <summary>Users in layers of their own, from the same deltas as the layers.</summary>
[Trait("height", "harness")]
public sealed class SegmentTests
{
    private const long Start = 1_700_000_000_000;
    private const int Users = 60;

    [Fact]
    public async Task Segments_OfUsersOfTwoTastes_AreTwoAndHoldTheirOwn()
    {
        var (pipeline, world) = await SeededAsync();

        await ActAsync(pipeline, world, acts: 4);
        pipeline.Clock.Advance(TimeSpan.FromMinutes(1));
        await ActAsync(pipeline, world, acts: 4, from: 4);

        var segments = pipeline.Segments!;
        Assert.Equal(2, segments.Set.LayerIds.Count);
        var likings = segments.Segments.Select(segment => TasteOf(pipeline, world, segment)).ToArray();
        Assert.Equal([0, 1], likings.Order());
        Assert.InRange(SegmentUsers.From(segments.Users.Span, segments.UsersBefore.Span, 0).Count(), Users * .9, Users * 1.1);
        Assert.All(segments.Segments, segment => Assert.InRange(segment.Weight / segments.Segments.Sum(all => all.Weight), .35, .65));
    }

    [Fact]
    public async Task Segments_OfAReducerThatStartsAgain_AreThoseOfOneThatDidNot()
    {
        var (kept, world) = await SeededAsync();
        var (restarted, again) = await SeededAsync();

        for (var round = 0; round < 6; round++)
        {
            await ActAsync(kept, world, acts: 2, from: 2 * round);
            await ActAsync(restarted, again, acts: 2, from: 2 * round, restart: true);
        }

        kept.Clock.Advance(TimeSpan.FromMinutes(1));
        restarted.Clock.Advance(TimeSpan.FromMinutes(1));
        await ActAsync(kept, world, acts: 1, from: 12);
        await ActAsync(restarted, again, acts: 1, from: 12, restart: true);

        var (expected, actual) = (kept.Segments!, restarted.Segments!);
        Assert.Equal(expected.Set.LayerIds, actual.Set.LayerIds);
        Assert.Equal(expected.Set.Points, actual.Set.Points);
        Assert.All(
            expected.Segments.Zip(actual.Segments), pair => Assert.Equal(pair.First.Weight, pair.Second.Weight, 1e-9));
        Assert.Equal(expected.Users, actual.Users);
    }

    [Fact]
    public async Task Rows_OfWhoIsForgottenOrDislikesAll_AreNone()
    {
        var (pipeline, world) = await SeededAsync();
        pipeline.Append(0, "ann", world.Next(0).Vector, 1, Start);
        pipeline.Append(0, "bob", world.Next(0).Vector, 1, Start);
        pipeline.Append(0, "cid", world.Next(0).Vector, -1, Start);
        pipeline.Logs.Append(
            Topics.InterestPoints,
            0,
            "ann",
            new InterestPoint
            {
                UserId = "ann",
                EventTimeUnixMs = Start + 1,
                Forgotten = new Forgotten { AskedUnixMs = Start + 1, EventTimeUnixMs = Start + 1 },
            },
            DateTimeOffset.FromUnixTimeMilliseconds(Start + 1));

        await pipeline.WorkAsync(0);
        await pipeline.DrainAsync(0);

        var row = Assert.Single(Assert.Single(pipeline.Deltas).Rows);
        Assert.Equal(1, row.Offset);
        Assert.Equal(byte.MaxValue, row.Shares[0]);
    }

    [Fact]
    public void VectorOf_ARowOnLayersThatAreGone_LiesOnTheirHeirs()
    {
        var set = TwoLayers() with { Lineage = Lineage.Empty.With(9, (1u, .5f), (2u, .5f)) };
        var vector = new float[2];

        SegmentStream.VectorOf(new UserRow(0, [9], new byte[] { 255 }, 0), set)!.Value.Decode(vector);

        Assert.Equal(vector[0], vector[1], 1e-2);
        Assert.Null(SegmentStream.VectorOf(new UserRow(0, [77], new byte[] { 255 }, 0), set));
    }

    private static LayerSet TwoLayers() => new()
    {
        Version = 1,
        Seeding = 1,
        SeededItems = 2,
        Encoder = "",
        Mean = new float[2],
        Centroids = new float[] { 1, 0, 0, 1 },
        Layers = [LayerOf(1), LayerOf(2)],
        NextLayerId = 10,
        HalfLifePoints = 100,
        EpochPoints = 100,
        Samples = 10,
    };

    private static LayerState LayerOf(uint id) => new()
    {
        Id = id,
        Version = 1,
        Weight = 1,
        Sum = new double[2],
        Need = 0,
        Error = 0,
        AsOfPoints = 0,
        BornPoints = 0,
    };

    // Which of the two tastes a segment's centre is nearer to.
    private static int TasteOf(Pipeline pipeline, TopicWorld world, Layer segment)
    {
        var centroid = segment.Centroid.ToArray();
        return Enumerable.Range(0, 2).MaxBy(taste => TopicsOf(taste).Sum(topic =>
        {
            var point = new float[world.Dimensions];
            Assert.True(world.Next(topic).Vector.TryCentre(pipeline.Set.Mean.Span, point));
            return VectorMath.Dot(point, centroid);
        }));
    }

    private static int[] TopicsOf(int taste) => taste == 0 ? [0, 1, 2] : [3, 4, 5];

    private static async Task<(Pipeline Pipeline, TopicWorld World)> SeededAsync()
    {
        var world = new TopicWorld(topics: 6, dimensions: 32, sigma: .3, seed: 3);
        var pipeline = new Pipeline(new LayersOptions { Layers = 6 }, new PointsOptions())
        {
            SegmentsOptions = new SegmentsOptions { Segments = 2, LeastUsers = 30 },
        };
        await pipeline.SeedAsync(world);
        return (pipeline, world);
    }

    // Each user acts in turn, within their taste.
    private static async Task ActAsync(Pipeline pipeline, TopicWorld world, int acts, int from = 0, bool restart = false)
    {
        for (var act = from; act < from + acts; act++)
        {
            for (var user = 0; user < Users; user++)
            {
                var topics = TopicsOf(user % 2);
                pipeline.Append(0, $"user{user}", world.Next(topics[(user + act) % 3]).Vector, 1, Start + (act * 7_200_000L));
            }

            await pipeline.WorkAsync(0);
            await pipeline.DrainAsync(0);
            await pipeline.ReduceAsync(restart: restart);
        }
    }
}
