using CsCheck;
using Strata.Clustering.Layers;
using Strata.Clustering.Reducer.Core;
using Strata.Clustering.Seeding;
using Strata.Numerics;

namespace Strata.Clustering.Tests.Reducer;

[Trait("height", "unit")]
public sealed class LayerSetReducerTests
{
    private readonly TopicWorld _world = new(6, 32, .8, 1);
    private readonly LayerSet _set;

    public LayerSetReducerTests()
        => _set = LayerSeeding.Seed(
            [.. _world.Take(300).Select(p => p.Vector)],
            "test",
            new LayersOptions { Layers = 6, HalfLifePoints = 1000, ItemWeight = 0 },
            null);

    [Fact]
    public void Apply_OneDelta_DecaysByItsPointsAndAddsItsSums()
    {
        var delta = TopicWorld.Delta(_set, Vectors(100));

        var (set, outcome) = LayerSetReducer.Apply(_set, delta);

        Assert.Equal(LayerDeltaOutcome.Applied, outcome);
        Assert.Equal(_set.Version + 1, set.Version);
        var left = Math.Pow(2, -100.0 / 1000);
        for (var i = 0; i < set.Count; i++)
        {
            var entry = delta.Entries.Single(e => e.LayerId == set.Layers[i].Id);
            Assert.Equal((left * _set.Layers[i].Weight) + entry.Points, set.WeightOf(i), 1e-9);
            Assert.Equal(
                (left * _set.Layers[i].Need) + FixedPoint.ToDouble(entry.Need),
                set.Layers[i].Need * set.DecaySince(set.Layers[i].AsOfPoints),
                1e-9);
            Assert.Equal(
                (left * _set.Layers[i].Error) + FixedPoint.ToDouble(entry.Error),
                set.Layers[i].Error * set.DecaySince(set.Layers[i].AsOfPoints),
                1e-9);
            Assert.Equal(1, VectorMath.Dot(set.Centroid(i), set.Centroid(i)), 1e-5);
        }
    }

    [Fact]
    public void Apply_LayerUntouchedForAWhile_DecaysAsIfItHadBeenTouched()
    {
        var (first, second) = (_set.Layers[0].Id, _set.Layers[1].Id);
        var set = _set;
        for (var i = 0; i < 5; i++)
        {
            (set, _) = LayerSetReducer.Apply(set, Entry(set, second, 200, i * 200));
        }

        Assert.Equal(_set.Layers[0].Weight / 2, set.WeightOf(0), 1e-9);
        Assert.Equal(_set.Layers[0], set.Layers[0]);
        Assert.Equal(first, set.Layers[0].Id);
    }

    [Fact]
    public void Apply_EmptyDelta_DecaysNothing()
    {
        var set = _set;
        for (var i = 0; i < 200; i++)
        {
            (set, _) = LayerSetReducer.Apply(set, new LayerDelta(0, 7, i, i + 1, set.Version, set.Seeding, 0, []));
        }

        Assert.Equal(_set.Layers, set.Layers);
        Assert.True(_set.Centroids.Span.SequenceEqual(set.Centroids.Span));
        Assert.Equal(Enumerable.Range(0, set.Count).Select(_set.WeightOf), Enumerable.Range(0, set.Count).Select(set.WeightOf));
    }

    [Fact]
    public void Apply_TheSameDeltaTwice_CountsOnce()
    {
        var delta = TopicWorld.Delta(_set, Vectors(50));
        var (once, _) = LayerSetReducer.Apply(_set, delta);

        var (twice, outcome) = LayerSetReducer.Apply(once, delta);

        Assert.Equal(LayerDeltaOutcome.Duplicate, outcome);
        Assert.Same(once, twice);
    }

    [Theory]
    [InlineData(51)]
    [InlineData(49)]
    public void Apply_DeltaWithAGapOrAnOverlap_Throws(long from)
    {
        var (set, _) = LayerSetReducer.Apply(_set, TopicWorld.Delta(_set, Vectors(50)));

        Assert.Throws<LayerDeltaGapException>(() => LayerSetReducer.Apply(set, TopicWorld.Delta(set, Vectors(10), from: from)));
    }

    [Fact]
    public void Apply_AnotherLogOrAnotherPartition_BeginsAnywhere()
    {
        var (set, _) = LayerSetReducer.Apply(_set, TopicWorld.Delta(_set, Vectors(50)));

        (set, var otherLog) = LayerSetReducer.Apply(set, TopicWorld.Delta(set, Vectors(10), from: 3, log: 8));
        (set, var otherPartition) = LayerSetReducer.Apply(set, TopicWorld.Delta(set, Vectors(10), partition: 1, from: 90));

        Assert.Equal((LayerDeltaOutcome.Applied, LayerDeltaOutcome.Applied), (otherLog, otherPartition));
        Assert.Equal([new LogPosition(8, 13), new LogPosition(7, 100)], set.Positions.Values);
    }

    [Fact]
    public void Apply_DeltaOfAnotherSeeding_MovesThePositionOnly()
    {
        var delta = TopicWorld.Delta(_set, Vectors(50)) with { Seeding = 99 };

        var (set, outcome) = LayerSetReducer.Apply(_set, delta);

        Assert.Equal(LayerDeltaOutcome.Foreign, outcome);
        Assert.Equal(_set.Layers, set.Layers);
        Assert.Equal(50, set.Positions[0].Next);
    }

    [Fact]
    public void Apply_PointsSplitOverPartitionsAndShuffled_AddUpToTheSameBits() => Gen.Int.Sample(seed =>
    {
        var world = new TopicWorld(6, 32, .8, seed);
        var vectors = Enumerable.Range(0, 200).Select(_ => world.Next().Vector).ToArray();
        var random = new Random(seed);
        var shuffled = vectors.ToArray();
        random.Shuffle(shuffled);

        var one = Sums([TopicWorld.Delta(_set, vectors)]);
        var four = Sums([.. shuffled.Chunk(50).Select((part, p) => TopicWorld.Delta(_set, part, partition: p))]);

        Assert.Equal(one, four);
    }, iter: 30);

    [Fact]
    public void Apply_BillionPointsInOneLayer_StaysExact()
    {
        var set = _set with { HalfLifePoints = double.PositiveInfinity };
        var start = set.Layers[0].Weight;
        for (var i = 0; i < 1000; i++)
        {
            (set, _) = LayerSetReducer.Apply(set, Entry(set, set.Layers[0].Id, 1_000_000, i * 1_000_000L));
        }

        (set, _) = LayerSetReducer.Apply(set, Entry(set, set.Layers[0].Id, 1, 1_000_000_000));

        Assert.Equal(1_000_000_001, set.WeightOf(0) - start);
        Assert.Equal(1_000_000_001UL, set.Layers[0].Points);
    }

    [Fact]
    public void Apply_SumsThatCancelOut_KeepTheCentroid()
    {
        var layer = _set.Layers[2];
        var cancelling = layer.Sum.ToArray().Select(x => -(long)Math.Round(x * FixedPoint.One)).ToArray();
        var set = _set with
        {
            HalfLifePoints = double.PositiveInfinity,
            Layers = _set.Layers.SetItem(2, layer with { Sum = cancelling.Select(x => -FixedPoint.ToDouble(x)).ToArray() }),
        };

        (set, _) = LayerSetReducer.Apply(
            set, new LayerDelta(0, 7, 0, 5, set.Version, set.Seeding, 0, [new LayerDeltaEntry(layer.Id, 5, cancelling, 0, 0, [])]));

        Assert.True(_set.Centroid(2).SequenceEqual(set.Centroid(2)));
    }

    [Fact]
    public void Apply_EntryOfALayerThatIsGone_GoesToTheNearestLiveOne()
    {
        var delta = TopicWorld.Delta(_set, Vectors(60));
        var gone = delta.Entries[0] with { LayerId = 999 };
        var before = Enumerable.Range(0, _set.Count).Sum(_set.WeightOf) * Math.Pow(2, -60.0 / 1000);

        var (set, _) = LayerSetReducer.Apply(_set, delta with { Entries = [.. delta.Entries.Skip(1), gone] });

        Assert.Equal(before + 60, Enumerable.Range(0, set.Count).Sum(set.WeightOf), 1e-9);
        Assert.Equal((ulong)gone.Points, set.Layers[0].Points);
    }

    private static LayerDelta Entry(LayerSet set, uint layer, long points, long from)
    {
        var sum = new long[set.Dimensions];
        sum[0] = points * FixedPoint.One;
        return new LayerDelta(0, 7, from, from + points, set.Version, set.Seeding, 0, [new LayerDeltaEntry(layer, points, sum, 0, 0, [])]);
    }

    private Int8Vector[] Vectors(int count) => [.. _world.Take(count).Select(p => p.Vector)];

    private static List<string> Sums(IReadOnlyList<LayerDelta> deltas) =>
    [
        .. deltas.SelectMany(delta => delta.Entries).GroupBy(entry => entry.LayerId).OrderBy(group => group.Key).Select(group =>
        {
            var sum = new long[group.First().Sum.Length];
            foreach (var entry in group)
            {
                for (var k = 0; k < sum.Length; k++)
                {
                    sum[k] += entry.Sum.Span[k];
                }
            }

            return $"{group.Key}: {group.Sum(e => e.Points)} {group.Sum(e => e.Need)} {group.Sum(e => e.Error)} {string.Join(',', sum)}";
        }),
    ];
}
