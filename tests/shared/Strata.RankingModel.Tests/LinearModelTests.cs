using CsCheck;

namespace Strata.RankingModel.Tests;

[Trait("height", "unit")]
public sealed class LinearModelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(29)]
    public void Standardise_AnyNumberOfFeatures_FollowsTheFormula(int features)
    {
        var random = new Random(features);
        var model = Make(random, features, out var mean, out var variance, out _, out _);
        var raw = Floats(random, features, 20);
        var x = new float[features];

        model.Standardise(raw, x);

        for (var f = 0; f < features; f++)
        {
            Assert.Equal(Math.Clamp((raw[f] - mean[f]) / Math.Sqrt(variance[f] + 1e-4), -5, 5), x[f], 1e-3);
        }
    }

    [Fact]
    public void Standardise_InPlaceAndExtreme_CutsAtFive()
    {
        var model = new LinearModel([0, 0, 0], [1, 1, 0], [1, 1, 1], [[0, 0, 0]], 1);
        float[] x = [1e30f, -1e30f, 0];

        model.Standardise(x, x);

        Assert.Equal([5f, -5f, 0f], x);
    }

    [Fact]
    public void Score_AnyModel_IsTheSumOfItsContributions()
    {
        Gen.Int[1, 40].Select(Gen.Int[0, 1_000_000]).Sample((features, seed) =>
        {
            var random = new Random(seed);
            var model = Make(random, features, out _, out _, out var weights, out var contextWeights);
            var x = Floats(random, features, 5);
            var contributions = new double[features];
            var context = random.Next(3);

            model.Contributions(x, context, contributions);

            for (var f = 0; f < features; f++)
            {
                Assert.Equal(x[f] * (weights[f] + contextWeights[context][f]), contributions[f]);
            }

            Assert.Equal(contributions.Sum(), model.Score(x, context), 1e-11);
        });
    }

    [Fact]
    public void Constructor_ArraysChangedLater_ScoresAsBefore()
    {
        double[] weights = [2];
        var model = new LinearModel([0], [1], weights, [[1]], 5);

        weights[0] = 100;

        Assert.Equal(3.0, model.Score([1f], 0));
        Assert.Equal(5ul, model.Steps);
    }

    [Fact]
    public void Constructor_UnequalLengths_Throws()
    {
        Assert.Throws<ArgumentException>(() => new LinearModel([0, 0], [1], [1], [[1]], 0));
        Assert.Throws<ArgumentException>(() => new LinearModel([0], [1], [1], [[1, 2]], 0));
        Assert.Throws<ArgumentException>(() => new LinearModel([0], [1], [1], [], 0));
    }

    private static LinearModel Make(
        Random random,
        int features,
        out double[] mean,
        out double[] variance,
        out double[] weights,
        out double[][] contextWeights)
    {
        mean = Doubles(random, features);
        variance = [.. Doubles(random, features).Select(Math.Abs)];
        weights = Doubles(random, features);
        contextWeights = [Doubles(random, features), Doubles(random, features), Doubles(random, features)];
        return new LinearModel(mean, variance, weights, contextWeights, 1);
    }

    private static double[] Doubles(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextDouble() * 4) - 2)];

    private static float[] Floats(Random random, int count, float size)
        => [.. Enumerable.Range(0, count).Select(_ => ((random.NextSingle() * 2) - 1) * size)];
}
