using Strata.Clustering.Seeding;
using Strata.Numerics;

namespace Strata.Evaluator.Drift;

/// <summary>What the Euclidean baselines share: the nearest centre, the sums of a batch and k-means++ seeds.</summary>
internal static class Centres
{
    /// <summary>Nearest centre of each point by Euclidean distance; ties to the lower index.</summary>
    public static int[] Nearest(ReadOnlySpan<float> points, ReadOnlySpan<float> centres, int dimensions)
    {
        var matrix = new PanelMatrix(centres, dimensions);
        var scores = new float[points.Length / dimensions * matrix.Stride];
        matrix.Multiply(points, scores);
        var half = new float[matrix.Count];
        for (var j = 0; j < half.Length; j++)
        {
            var centre = centres.Slice(j * dimensions, dimensions);
            half[j] = VectorMath.Dot(centre, centre) / 2;
        }

        var nearest = new int[points.Length / dimensions];
        for (var i = 0; i < nearest.Length; i++)
        {
            var row = scores.AsSpan(i * matrix.Stride, matrix.Count);
            for (var j = 1; j < row.Length; j++)
            {
                nearest[i] = row[j] - half[j] > row[nearest[i]] - half[nearest[i]] ? j : nearest[i];
            }
        }

        return nearest;
    }

    /// <summary>Number and sum of the points of each centre.</summary>
    public static (int[] Counts, double[] Sums) Sum(ReadOnlySpan<float> points, int[] nearest, int count, int dimensions)
    {
        var counts = new int[count];
        var sums = new double[count * dimensions];
        for (var i = 0; i < nearest.Length; i++)
        {
            counts[nearest[i]]++;
            var to = sums.AsSpan(nearest[i] * dimensions, dimensions);
            for (var k = 0; k < dimensions; k++)
            {
                to[k] += points[(i * dimensions) + k];
            }
        }

        return (counts, sums);
    }

    /// <summary>Greedy k-means++ seeds, as scikit-learn chooses them.</summary>
    public static float[] Seeds(ReadOnlySpan<float> points, int count, int dimensions, Random random)
        => SphericalKMeans.Fit(points, dimensions, count, 0, random);
}
