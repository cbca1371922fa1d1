using Strata.Numerics;

namespace Strata.Evaluator.Drift;

/// <summary>How the topics of a stream behave.</summary>
internal enum DriftScenario
{
    /// <summary>They stay.</summary>
    Stationary,

    /// <summary>Each turns slowly towards a direction of its own.</summary>
    Rotation,

    /// <summary>As rotation, and every few batches a popular topic dies and another is born elsewhere.</summary>
    Births,
}

/// <summary>
/// Topics on the unit sphere: each lies near one of a few parents, its popularity follows Zipf's law, and a point is its topic's direction
/// plus Gaussian noise of length sigma, scaled to unit length.
/// </summary>
internal sealed class TopicStream
{
    /// <summary>Components of a point.</summary>
    public const int Dimensions = 384;

    /// <summary>Topics alive at any time.</summary>
    public const int Topics = 64;

    private const int Parents = 12;
    private const double Spread = .8;
    private const double Exponent = .7;
    private const double Turn = .02;
    private const int BatchesPerBirth = 4;

    private readonly Random _random;
    private readonly DriftScenario _scenario;
    private readonly double _sigma;
    private readonly float[] _parents;
    private readonly float[] _directions = new float[Topics * Dimensions];
    private readonly float[] _targets = new float[Topics * Dimensions];
    private readonly int[] _ids = [.. Enumerable.Range(0, Topics)];
    private readonly double[] _cumulated = new double[Topics];
    private int _born = Topics;
    private int _batches;

    public TopicStream(DriftScenario scenario, double sigma, int seed)
    {
        (_random, _scenario, _sigma) = (new Random(seed), scenario, sigma);
        _parents = new float[Parents * Dimensions];
        for (var parent = 0; parent < Parents; parent++)
        {
            Draw(_parents.AsSpan(parent * Dimensions, Dimensions));
        }

        var sum = 0.0;
        for (var topic = 0; topic < Topics; topic++)
        {
            Bear(topic);
            _cumulated[topic] = sum += Math.Pow(topic + 1, -Exponent);
        }
    }

    /// <summary>The topics' unit directions now, row-major.</summary>
    public ReadOnlySpan<float> Directions => _directions;

    /// <summary>Time goes on by one batch: fills <paramref name="points"/> (row-major) and the id of each point's topic.</summary>
    public void Next(Span<float> points, Span<int> topics)
    {
        _batches++;
        for (var topic = 0; topic < Topics && _scenario != DriftScenario.Stationary; topic++)
        {
            VectorMath.AddScaled(Direction(topic), _targets.AsSpan(topic * Dimensions, Dimensions), (float)Turn);
            VectorMath.TryNormalize(Direction(topic));
        }

        if (_scenario == DriftScenario.Births && _batches % BatchesPerBirth == 0)
        {
            var topic = _random.Next(Topics / 2);
            Bear(topic);
            _ids[topic] = _born++;
        }

        var noise = (float)(_sigma / Math.Sqrt(Dimensions));
        for (var i = 0; i < topics.Length; i++)
        {
            var topic = Popular();
            var point = points.Slice(i * Dimensions, Dimensions);
            for (var k = 0; k < Dimensions; k++)
            {
                point[k] = Direction(topic)[k] + (noise * Gaussian());
            }

            VectorMath.TryNormalize(point);
            topics[i] = _ids[topic];
        }
    }

    private void Bear(int topic)
    {
        var direction = Direction(topic);
        Draw(direction);
        var parent = _parents.AsSpan(_random.Next(Parents) * Dimensions, Dimensions);
        for (var k = 0; k < Dimensions; k++)
        {
            direction[k] = parent[k] + ((float)Spread * direction[k]);
        }

        VectorMath.TryNormalize(direction);
        Draw(_targets.AsSpan(topic * Dimensions, Dimensions));
    }

    private int Popular()
    {
        var at = Array.BinarySearch(_cumulated, _random.NextDouble() * _cumulated[^1]);
        return Math.Min(at < 0 ? ~at : at + 1, Topics - 1);
    }

    private void Draw(Span<float> direction)
    {
        for (var k = 0; k < direction.Length; k++)
        {
            direction[k] = Gaussian();
        }

        VectorMath.TryNormalize(direction);
    }

    private Span<float> Direction(int topic) => _directions.AsSpan(topic * Dimensions, Dimensions);

    private float Gaussian() => (float)(Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble()));
}
