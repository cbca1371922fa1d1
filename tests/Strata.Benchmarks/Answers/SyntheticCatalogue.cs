using Strata.Contracts.Common.V1;
using Strata.Featurizer.Answers.Core;
using Strata.Featurizer.Embeddings.Core;
using Strata.Numerics;

namespace Strata.Benchmarks.Answers;

/// <summary>
/// Vectors that lie as an encoder's do: in a narrow cone about a mean, queries about another, the rest in topics and parts of topics of
/// which some are large and many small, in directions that matter less and less. All from one seed.
/// </summary>
internal sealed class SyntheticCatalogue
{
    private const int Dimensions = 384;
    private const int Topics = 300;
    private const int Parts = 40;
    private const int Directions = 96;

    // Parts of a vector's squares: e5's titles have cosines of about .76 with each other.
    private const float Cone = .76f;
    private const float Topic = .085f;
    private const float Part = .06f;
    private const float Own = .07f;
    private const float Noise = .025f;

    private readonly float[][] _directions;
    private readonly float[][] _topics;
    private readonly float[][] _parts;
    private readonly double[] _shares = new double[Topics];
    private readonly int _seed;

    public SyntheticCatalogue(int seed)
    {
        _seed = seed;
        var random = new Random(seed);
        _directions = [.. Enumerable.Range(0, Directions).Select(i => Direction(random, MathF.Sqrt(1f / (1 + (i / 8f)))))];
        _topics = [.. Enumerable.Range(0, Topics).Select(_ => Latent(random, Topic))];
        _parts = [.. Enumerable.Range(0, Topics * Parts).Select(_ => Latent(random, Part))];
        Plain = new PlainMeans(Direction(random, MathF.Sqrt(Cone)), Direction(random, MathF.Sqrt(Cone)));
        var sum = 0d;
        for (var i = 0; i < Topics; i++)
        {
            _shares[i] = sum += 1d / (10 + i);
        }
    }

    /// <summary>Where queries and items lie.</summary>
    public PlainMeans Plain { get; }

    /// <summary>Items from one number on; the same number is the same item.</summary>
    public Vector[] Items(int from, int count) => Draw(from, count, Plain.Items, 1);

    /// <summary>Queries, which say less than titles.</summary>
    public Vector[] Queries(int count) => Draw(-count, count, Plain.Queries, 1.5f);

    private Vector[] Draw(int from, int count, float[] mean, float vagueness)
    {
        var drawn = new Vector[count];
        Parallel.For(0, count, i =>
        {
            var random = new Random(HashCode(_seed, from + i));
            var topic = Array.FindIndex(_shares, share => share >= _shares[^1] * random.NextDouble());
            topic = topic < 0 ? 0 : topic;
            var part = (topic * Parts) + (int)(Parts * random.NextDouble() * random.NextDouble());
            var latent = Latent(random, Own * vagueness);
            for (var k = 0; k < Directions; k++)
            {
                latent[k] += _topics[topic][k] + _parts[part][k];
            }

            var vector = (float[])mean.Clone();
            for (var k = 0; k < Directions; k++)
            {
                VectorMath.AddScaled(vector, _directions[k], latent[k]);
            }

            var noise = MathF.Sqrt(Noise / Dimensions);
            for (var k = 0; k < Dimensions; k++)
            {
                vector[k] += noise * Gaussian(random);
            }

            VectorMath.TryNormalize(vector);
            drawn[i] = Vectors.ToVector(vector);
        });
        return drawn;
    }

    // Squares sum to about the share once multiplied by the directions.
    private static float[] Latent(Random random, float share)
    {
        var total = Enumerable.Range(0, Directions).Sum(i => 1f / (1 + (i / 8f)));
        var scale = MathF.Sqrt(share / total);
        return [.. Enumerable.Range(0, Directions).Select(_ => scale * Gaussian(random))];
    }

    private static float[] Direction(Random random, float length)
    {
        float[] direction = [.. Enumerable.Range(0, Dimensions).Select(_ => Gaussian(random))];
        VectorMath.TryNormalize(direction);
        return Array.ConvertAll(direction, x => length * x);
    }

    // Not the one of the runtime, which differs from run to run.
    private static int HashCode(int seed, int number) => unchecked((seed * 486187739) + (number * 16777619));

    private static float Gaussian(Random random)
        => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
