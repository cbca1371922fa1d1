using Google.Protobuf;
using Strata.Contracts.Common.V1;
using Strata.Contracts.Features.V1;
using Strata.Numerics;

namespace Strata.Benchmarks.Clustering;

/// <summary>Items and interest points around topics on the unit sphere, the same for the same seed.</summary>
internal sealed class PointWorld
{
    private const int Vectors = 20_000;
    private const double Sigma = .8;

    private readonly Vector[] _vectors;
    private readonly Random _random;

    public PointWorld(int topics, int dimensions, int seed)
    {
        _random = new Random(seed);
        var centres = Enumerable.Range(0, topics).Select(_ => Gaussians(dimensions, 1 / Math.Sqrt(dimensions))).ToArray();
        _vectors = [.. Enumerable.Range(0, Vectors).Select(i => Around(centres[i % topics]))];
    }

    public ItemFeatures Item(int number) => new()
    {
        ItemId = $"item-{number:D6}",
        Title = $"item {number}",
        Encoder = "benchmark",
        Embedding = _vectors[number % Vectors],
    };

    public InterestPoint Point(string user, long time)
        => new() { UserId = user, Weight = 1, EventTimeUnixMs = time, Vector = _vectors[_random.Next(Vectors)] };

    private Vector Around(float[] centre)
    {
        var vector = Gaussians(centre.Length, Sigma / Math.Sqrt(centre.Length));
        for (var k = 0; k < vector.Length; k++)
        {
            vector[k] += centre[k];
        }

        VectorMath.TryNormalize(vector);
        var encoded = Int8Vector.Encode(vector);
        return new Vector { Codes = UnsafeByteOperations.UnsafeWrap(encoded.Codes), Scale = encoded.Scale };
    }

    private float[] Gaussians(int count, double length)
    {
        var values = new float[count];
        for (var k = 0; k < count; k++)
        {
            values[k] = (float)(length * Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble()));
        }

        return values;
    }
}
