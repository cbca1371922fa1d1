using Strata.Clustering.Assignment;
using Strata.Clustering.Layers;
using Strata.Clustering.Layers.Wire;
using Strata.Clustering.Moves;
using Strata.Clustering.Points.Core;
using Strata.Clustering.Seeding;

namespace Strata.Clustering.Tests.Points;

[Trait("height", "unit")]
public sealed class DeltaAccumulatorTests
{
    private readonly TopicWorld _world = new(4, 16, .8, 1);

    [Fact]
    public void ToDelta_ManyPoints_SamplesItsShareWhateverTheOrder()
    {
        var set = LayerSeeding.Seed(
            [.. _world.Take(100).Select(p => p.Vector)],
            "test",
            new LayersOptions { Layers = 4, Samples = 64, HalfLifePoints = 1000 },
            null);
        var points = _world.Take(2000).Select((p, i) => (p.Vector, Offset: (long)i)).ToArray();
        var forward = Accumulate(set, points);
        var backward = Accumulate(set, [.. points.Reverse()]);

        Assert.InRange(set.SampleShare, .1, .5);
        Assert.Equal(set.SampleShare, forward.Entries.Sum(entry => entry.Samples.Count) / 2000.0, .05);
        Assert.Equal(forward.Entries.SelectMany(e => e.Samples), backward.Entries.SelectMany(e => e.Samples));
        Assert.Equal(forward.Entries.Select(e => e.LayerId).Order(), forward.Entries.Select(e => e.LayerId));
        Assert.Equal(2000, forward.Points);
    }

    [Fact]
    public void ToDelta_Searches_TravelWithTheirWords()
    {
        var set = LayerSeeding.Seed(
            [.. _world.Take(100).Select(p => p.Vector)], "test", new LayersOptions { Layers = 4, HalfLifePoints = 1000 }, null);

        var delta = Accumulate(
            set, [.. _world.Take(50).Select((p, i) => (p.Vector, (long)i))], offset => offset % 3 == 0 ? $"søk {offset}" : "");
        var read = LayerDeltaCodec.FromMessage(LayerDeltaCodec.ToMessage(delta));
        var kept = new Reservoir(1000, 1000, set.Mean);
        kept.Add(7, read);

        Assert.Equal(17, kept.Queries.Count);
        Assert.All(kept.Queries, query => Assert.Equal($"søk {query.Offset}", query.Query));
        Assert.Equal(
            delta.Entries.SelectMany(entry => entry.Samples).Select(sample => (sample.Offset, sample.Query)),
            read.Entries.SelectMany(entry => entry.Samples).Select(sample => (sample.Offset, sample.Query)));
    }

    private static LayerDelta Accumulate(
        LayerSet set, (Strata.Numerics.Int8Vector Vector, long Offset)[] points, Func<long, string>? queryOf = null)
    {
        var accumulator = new DeltaAccumulator(set);
        var centred = new float[set.Dimensions];
        var nearest = new Nearest[1];
        foreach (var (vector, offset) in points)
        {
            Assert.True(vector.TryCentre(set.Mean.Span, centred));
            new Assigner(set).Assign(centred, nearest);
            accumulator.Add(nearest[0], centred, vector, offset, queryOf?.Invoke(offset) ?? "");
        }

        return accumulator.ToDelta(0, 1, 0, points.Length, 0);
    }
}
