using Strata.Numerics;

namespace Strata.Benchmarks.KMeans;

/// <summary>Unit vectors around 300 topics, all from one seed.</summary>
internal sealed class TopicPoints
{
    public const int Dimensions = 384;

    private const int Topics = 300;

    private readonly Random _random;
    private readonly float[] _topics = new float[Topics * Dimensions];

    public TopicPoints(int seed)
    {
        _random = new Random(seed);
        for (var i = 0; i < _topics.Length; i++)
        {
            _topics[i] = Gaussian();
        }
    }

    /// <summary>The next vectors, row-major.</summary>
    public float[] Draw(int count)
    {
        var points = new float[count * Dimensions];
        for (var i = 0; i < count; i++)
        {
            var point = points.AsSpan(i * Dimensions, Dimensions);
            _topics.AsSpan(_random.Next(Topics) * Dimensions, Dimensions).CopyTo(point);
            for (var k = 0; k < Dimensions; k++)
            {
                point[k] += .7f * Gaussian();
            }

            VectorMath.TryNormalize(point);
        }

        return points;
    }

    private float Gaussian() => (float)(Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble()));
}
