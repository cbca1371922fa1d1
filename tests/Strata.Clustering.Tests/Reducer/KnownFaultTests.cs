using Strata.Clustering.Layers;
using Strata.Clustering.Moves;
using Strata.Clustering.Reducer.Core;
using Strata.Clustering.Seeding;
using Strata.Numerics;

namespace Strata.Clustering.Tests.Reducer;

/// <summary>Faults that other streaming K-means have, each of which ours must not.</summary>
[Trait("height", "harness")]
public sealed class KnownFaultTests
{
    private const int Topics = 16;

    private static readonly LayersOptions Options = new() { Layers = Topics, HalfLifePoints = 4000, EpochPoints = 512, ItemWeight = 0 };

    private readonly TopicWorld _world = new(Topics, 64, .8, 6);

    // Spark puts the halves of a split 1e-14 apart: as floats they are the same centre.
    [Fact]
    public void Split_Children_LieApartAndBothGetPoints()
    {
        var (stream, _, move) = FirstMove();
        var (first, second) = (stream.Set.IndexOf(move.First), stream.Set.IndexOf(move.Second));

        var delta = Delta(stream.Set, 1024, 100_000);

        Assert.True(VectorMath.Dot(stream.Set.Centroid(first), stream.Set.Centroid(second)) < .8f);
        Assert.Contains(delta.Entries, entry => entry.LayerId == move.First && entry.Points > 5);
        Assert.Contains(delta.Entries, entry => entry.LayerId == move.Second && entry.Points > 5);
    }

    // Spark decays by batches: empty and tiny ones erase the model.
    [Fact]
    public void Absorb_EmptyEpochsAndTrickles_LoseLittleCoverage()
    {
        var stream = Seeded();
        for (var epoch = 0; epoch < 20; epoch++)
        {
            stream.Absorb(epoch, Delta(stream.Set, 512, epoch * 512));
        }

        var before = Coverage(stream.Set);
        var offset = 20 * 512L;
        for (var epoch = 0; epoch < 200; epoch++)
        {
            stream.Absorb(20 + epoch, Delta(stream.Set, 0, offset++, to: offset));
        }

        var afterEmpty = Coverage(stream.Set);
        for (var epoch = 0; epoch < 200; epoch++, offset += 32)
        {
            stream.Absorb(220 + epoch, Delta(stream.Set, 32, offset));
        }

        Assert.True(before >= .9, $"coverage {before:F2} at first");
        Assert.Equal(before, afterEmpty);
        Assert.True(Coverage(stream.Set) >= before - .05, $"coverage {before:F2}, after trickles {Coverage(stream.Set):F2}");
    }

    // Flink's empty cluster jumps to the origin.
    [Fact]
    public void Apply_SumWithoutDirection_LeavesTheCentroidWhereItIs()
    {
        var set = Seeded().Set;
        var layer = set.Layers[0];
        var opposite = layer.Sum.ToArray().Select(x => (long)Math.Round(-x * FixedPoint.One)).ToArray();
        // So many points that nothing is left of the older sums.
        var (far, _) = LayerSetReducer.Apply(
            set,
            Entry(set, set.Layers[1].Id, 10_000_000, set.Layers[1].Sum.ToArray().Select(x => (long)(x * FixedPoint.One)).ToArray(), 0));

        var (cancelled, _) = LayerSetReducer.Apply(
            set with { HalfLifePoints = double.PositiveInfinity }, Entry(set, layer.Id, 1, opposite, 0));
        var (empty, _) = LayerSetReducer.Apply(far, Entry(far, layer.Id, 1, new long[set.Dimensions], 10_000_000));

        foreach (var after in new[] { cancelled, empty })
        {
            Assert.True(set.Centroid(0).SequenceEqual(after.Centroid(0)) || VectorMath.Dot(set.Centroid(0), after.Centroid(0)) > .5f);
            Assert.All(Enumerable.Range(0, after.Count), i => Assert.Equal(1, VectorMath.Dot(after.Centroid(i), after.Centroid(i)), 1e-5));
        }

        Assert.True(set.Centroid(0).SequenceEqual(empty.Centroid(0)));
    }

    // scikit-learn counts in float32: from 2^24 on one more point changes nothing.
    [Fact]
    public void Apply_ABillionPoints_KeepTheWeightExact()
    {
        var set = Seeded().Set with { HalfLifePoints = double.PositiveInfinity };
        var (id, seeded) = (set.Layers[0].Id, set.Layers[0].Weight);
        var sum = new long[set.Dimensions];
        sum[3] = FixedPoint.One;

        for (var i = 0L; i < 1000; i++)
        {
            (set, _) = LayerSetReducer.Apply(set, Entry(set, id, 1_000_000, sum, i * 1_000_000));
        }

        (set, _) = LayerSetReducer.Apply(set, Entry(set, id, 1, sum, 1_000_000_000));

        Assert.Equal(1_000_000_001, set.Layers[0].Weight - seeded, 1e-6);
        Assert.Equal(1_000_000_001UL, set.Layers[0].Points);
    }

    // Merges by the plain mean of two centres.
    [Fact]
    public void Step_Merge_WeighsBothLayersByTheirMass()
    {
        var (set, before, move) = FirstMerge();
        var (heir, gone) = (before.IndexOf(move.MergedInto), before.IndexOf(move.Removed));
        var sum = new float[before.Dimensions];
        foreach (var index in new[] { heir, gone })
        {
            for (var k = 0; k < sum.Length; k++)
            {
                sum[k] += (float)(before.Layers[index].Sum.Span[k] * before.DecaySince(before.Layers[index].AsOfPoints));
            }
        }

        Assert.True(VectorMath.TryNormalize(sum));
        var after = set.IndexOf(move.MergedInto);
        Assert.Equal(1, VectorMath.Dot(sum, set.Centroid(after)), 1e-5);
        Assert.Equal(before.WeightOf(heir) + before.WeightOf(gone), set.WeightOf(after), 1e-6);
    }

    private (LayerSet After, LayerSet Before, LayerMove Move) FirstMerge()
    {
        var samples = Enumerable.Range(0, 4000).Select(_ => _world.Next().Vector).ToList();
        var set = Seeded().Set;
        for (var epoch = 0; epoch < 8; epoch++)
        {
            (set, _) = LayerSetReducer.Apply(set, Delta(set, 512, epoch * 512));
        }

        for (var topic = 0; topic < 4; topic++)
        {
            _world.Replace(topic);
            samples.AddRange(Enumerable.Range(0, 600).Select(_ => _world.Next(topic).Vector));
            var (moved, moves) = LayerReassignment.Step(set, Centred(set, samples), new LayersOptions { MovesPerEpoch = 1 });
            if (moves is [var move] && move.MergedInto != move.Parent)
            {
                return (moved, set, move);
            }
        }

        throw new InvalidOperationException("no layer was merged apart from a split");
    }

    private static CentredPoints Centred(LayerSet set, List<Int8Vector> points)
    {
        var rows = new float[points.Count * set.Dimensions];
        return new(
            rows,
            [.. Enumerable.Range(0, points.Count)
                .Where(i => points[i].TryCentre(set.Mean.Span, rows.AsSpan(i * set.Dimensions, set.Dimensions)))]);
    }

    private (LayerStream Stream, LayerSet Before, LayerMove Move) FirstMove()
    {
        var stream = Seeded();
        for (var epoch = 0; epoch < 100; epoch++)
        {
            if (epoch == 10)
            {
                _world.Replace(3);
            }

            var before = stream.Set;
            if (stream.Absorb(epoch, Delta(before, 512, epoch * 512)).Moves is [var move, ..])
            {
                return (stream, before, move);
            }
        }

        throw new InvalidOperationException("nothing moved");
    }

    private LayerStream Seeded() => new(LayerSeeding.Seed([.. _world.Take(2000).Select(p => p.Vector)], "test", Options, null), Options);

    private double Coverage(LayerSet set)
    {
        // A topic is covered when most of its points share a layer that is near.
        var covered = 0;
        for (var topic = 0; topic < Topics; topic++)
        {
            var sum = new float[set.Dimensions];
            var point = new float[set.Dimensions];
            for (var i = 0; i < 200; i++)
            {
                Assert.True(_world.Next(topic).Vector.TryCentre(set.Mean.Span, point));
                VectorMath.AddScaled(sum, point, 1);
            }

            Assert.True(VectorMath.TryNormalize(sum));
            covered += VectorMath.Dot(set.Centroid(set.NearestTo(sum)), sum) > .9f ? 1 : 0;
        }

        return (double)covered / Topics;
    }

    private LayerDelta Delta(LayerSet set, int points, long from, long? to = null)
        => TopicWorld.Delta(set, [.. _world.Take(points).Select(p => p.Vector)], from: from) is var delta && to is { } end
            ? delta with { To = end }
            : delta;

    private static LayerDelta Entry(LayerSet set, uint id, long points, long[] sum, long from)
        => new(0, 7, from, from + points, set.Version, set.Seeding, 0, [new LayerDeltaEntry(id, points, sum, 0, 0, [])]);
}
