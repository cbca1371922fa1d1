using Strata.Clustering.Assignment;
using Strata.Clustering.Layers;
using Strata.Clustering.Points.Core;
using Strata.Numerics;

namespace Strata.Clustering.Tests;

/// <summary>Topics planted on the unit sphere: a point is its topic's direction plus Gaussian noise of length sigma.</summary>
internal sealed class TopicWorld
{
    private readonly float[][] _topics;
    private readonly Random _random;
    private readonly double _sigma;

    public TopicWorld(int topics, int dimensions, double sigma, int seed)
    {
        _random = new Random(seed);
        _sigma = sigma;
        Dimensions = dimensions;
        _topics = [.. Enumerable.Range(0, topics).Select(_ => Direction())];
    }

    public int Dimensions { get; }

    public int Topics => _topics.Length;

    public (int Topic, Int8Vector Vector) Next(int? topic = null)
    {
        var chosen = topic ?? _random.Next(_topics.Length);
        var vector = new float[Dimensions];
        for (var k = 0; k < Dimensions; k++)
        {
            // A common offset, as real encoders have one: only centring makes topics comparable.
            vector[k] = _topics[chosen][k] + (float)(_sigma * Gaussian() / Math.Sqrt(Dimensions)) + (1.5f / MathF.Sqrt(Dimensions));
        }

        Assert.True(VectorMath.TryNormalize(vector));
        return (chosen, Int8Vector.Encode(vector));
    }

    public List<(int Topic, Int8Vector Vector)> Take(int count) => [.. Enumerable.Range(0, count).Select(_ => Next())];

    /// <summary>A topic dies and another is born in its place.</summary>
    public void Replace(int topic) => _topics[topic] = Direction();

    public static LayerDelta Delta(LayerSet set, IReadOnlyList<Int8Vector> vectors, int partition = 0, long from = 0, ulong log = 7)
    {
        var accumulator = new DeltaAccumulator(set);
        var assigner = new Assigner(set);
        var point = new float[set.Dimensions];
        var nearest = new Nearest[1];
        for (var i = 0; i < vectors.Count; i++)
        {
            Assert.True(vectors[i].TryCentre(set.Mean.Span, point));
            assigner.Assign(point, nearest);
            accumulator.Add(nearest[0], point, vectors[i], from + i);
        }

        return accumulator.ToDelta(partition, log, from, from + vectors.Count, 1000 + from);
    }

    public static int[] Assign(LayerSet set, IReadOnlyList<Int8Vector> vectors)
    {
        var points = new float[vectors.Count * set.Dimensions];
        for (var i = 0; i < vectors.Count; i++)
        {
            Assert.True(vectors[i].TryCentre(set.Mean.Span, points.AsSpan(i * set.Dimensions, set.Dimensions)));
        }

        var nearest = new Nearest[vectors.Count];
        new Assigner(set).Assign(points, nearest);
        return [.. nearest.Select(found => found.First)];
    }

    private float[] Direction()
    {
        var vector = new float[Dimensions];
        for (var k = 0; k < Dimensions; k++)
        {
            vector[k] = (float)Gaussian();
        }

        Assert.True(VectorMath.TryNormalize(vector));
        return vector;
    }

    private double Gaussian() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
