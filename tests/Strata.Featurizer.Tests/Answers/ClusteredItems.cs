using Strata.Contracts.Common.V1;
using Strata.Featurizer.Answers.Core;
using Strata.Featurizer.Embeddings.Core;

namespace Strata.Featurizer.Tests.Answers;

/// <summary>Vectors about a mean, in topics, some of them equal; queries about another mean.</summary>
internal sealed class ClusteredItems(int seed)
{
    public const int Dimensions = 48;

    private const int Topics = 30;

    private readonly Random _random = new(seed);
    private readonly float[][] _topics = Centres(seed);

    public static PlainMeans Plain { get; } = new(Mean(0), Mean(1));

    /// <summary>An item's vector; one of ten is the same as another's.</summary>
    public Vector Item() => _random.Next(10) == 0 ? Vectors.ToVector(Sum(Plain.Items, _topics[_random.Next(3)])) : Near(Plain.Items);

    public Vector Query() => Near(Plain.Queries);

    private Vector Near(float[] mean)
        => Vectors.ToVector([.. Sum(mean, _topics[_random.Next(Topics)]).Select(x => x + (.12f * (_random.NextSingle() - .5f)))]);

    private static float[] Sum(float[] a, float[] b) => [.. a.Zip(b, (x, y) => x + y)];

    private static float[] Mean(int odd) => [.. Enumerable.Range(0, Dimensions).Select(i => i % 2 == odd ? .17f : 0)];

    private static float[][] Centres(int seed)
    {
        var random = new Random(seed + 1);
        return
        [
            .. Enumerable.Range(0, Topics).Select(
                _ => Enumerable.Range(0, Dimensions).Select(_ => .15f * (random.NextSingle() - .5f)).ToArray()),
        ];
    }
}
