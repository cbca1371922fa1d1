namespace Strata.Numerics.Clusters;

/// <summary>How much nearer rows are to their own cluster than to the next one (Rousseeuw 1987), by cosine distance.</summary>
public static class Silhouette
{
    /// <summary>
    /// Mean over the rows of (b − a) / max(a, b), −1 to 1: a the mean distance to the others of the row's cluster, b the least mean
    /// distance to another cluster; 0 for a row alone in its cluster. As scikit-learn's <c>silhouette_score(metric="cosine")</c>. Costs
    /// rows² products. 0 with a single cluster.
    /// </summary>
    /// <param name="points">Unit vectors, row-major.</param>
    /// <param name="dimensions">Components of a vector.</param>
    /// <param name="clusters">Cluster of each row, any numbers.</param>
    public static double Mean(ReadOnlySpan<float> points, int dimensions, ReadOnlySpan<int> clusters)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(clusters.Length * dimensions, points.Length);
        var numbers = new Dictionary<int, int>();
        var of = new int[clusters.Length];
        for (var i = 0; i < of.Length; i++)
        {
            of[i] = numbers.TryGetValue(clusters[i], out var number) ? number : numbers[clusters[i]] = numbers.Count;
        }

        if (numbers.Count < 2)
        {
            return 0;
        }

        var sizes = new int[numbers.Count];
        foreach (var cluster in of)
        {
            sizes[cluster]++;
        }

        var sum = 0.0;
        var distances = new double[numbers.Count];
        for (var i = 0; i < of.Length; i++)
        {
            Array.Clear(distances);
            var row = points.Slice(i * dimensions, dimensions);
            for (var j = 0; j < of.Length; j++)
            {
                distances[of[j]] += i == j ? 0 : 1 - VectorMath.Dot(row, points.Slice(j * dimensions, dimensions));
            }

            sum += sizes[of[i]] == 1 ? 0 : Of(distances, sizes, of[i]);
        }

        return sum / of.Length;
    }

    private static double Of(double[] distances, int[] sizes, int own)
    {
        var a = distances[own] / (sizes[own] - 1);
        var b = double.PositiveInfinity;
        for (var other = 0; other < sizes.Length; other++)
        {
            b = other == own ? b : Math.Min(b, distances[other] / sizes[other]);
        }

        return Math.Max(a, b) is > 0 and var larger ? (b - a) / larger : 0;
    }
}
