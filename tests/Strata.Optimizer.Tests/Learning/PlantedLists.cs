namespace Strata.Optimizer.Tests.Learning;

/// <summary>Lists whose chosen candidate follows a known linear preference over features of different scales, with noise.</summary>
internal static class PlantedLists
{
    private static readonly double[] Taste = [1.2, -1.0, 0.8, 0.6, 0, 0];

    public static (float[] Rows, int Positive) Next(Random random, int features, int candidates)
    {
        var rows = new float[features * candidates];
        var positive = 0;
        var best = double.NegativeInfinity;
        for (var i = 0; i < candidates; i++)
        {
            var value = -Math.Log(-Math.Log(random.NextDouble() + 1e-12));
            for (var f = 0; f < features; f++)
            {
                var x = Normal(random);
                rows[(i * features) + f] = (float)((x * (1 + (10 * f))) + f);
                value += f < Taste.Length ? 1.5 * Taste[f] * x : 0;
            }

            (best, positive) = value > best ? (value, i) : (best, positive);
        }

        return (rows, positive);
    }

    /// <summary>Rank of the chosen candidate by one feature, in the better direction.</summary>
    public static int RankBy(float[] rows, int features, int feature, int positive)
    {
        var sign = feature < Taste.Length && Taste[feature] < 0 ? -1 : 1;
        var own = rows[(positive * features) + feature] * sign;
        return Enumerable.Range(0, rows.Length / features).Count(i => rows[(i * features) + feature] * sign > own);
    }

    private static double Normal(Random random)
        => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
