using System.Numerics.Tensors;

namespace Strata.Ranking.Slates;

/// <summary>Standard deviation of scores: the unit that everything is weighed in which moves an item in a slate.</summary>
internal static class ScoreSpread
{
    public static double Of(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
        {
            return 0;
        }

        var mean = TensorPrimitives.Sum(values) / values.Length;
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += (value - mean) * (value - mean);
        }

        return Math.Sqrt(sum / values.Length);
    }
}
