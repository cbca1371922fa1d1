namespace Strata.Numerics.Clusters;

/// <summary>
/// DBSCAN (Ester et al. 1996) of unit vectors by cosine distance, 1 − cos, where a row counts with its weight: a core has a weight of at
/// least <c>leastWeight</c> within <c>eps</c> of it, itself included. The same labels as scikit-learn's
/// <c>DBSCAN(metric="cosine").fit(rows, sample_weight)</c>.
/// </summary>
public static class WeightedDbscan
{
    /// <summary>Label of a row that no core is near.</summary>
    public const int Noise = -1;

    /// <summary>
    /// Cluster of each row, from 0 by their first cores; <see cref="Noise"/> for those in none. A row at the border of two belongs to the
    /// first.
    /// </summary>
    /// <param name="points">Unit vectors, row-major.</param>
    /// <param name="dimensions">Components of a vector.</param>
    /// <param name="weights">One a row, not negative.</param>
    /// <param name="eps">Cosine distance within which rows are neighbours.</param>
    /// <param name="leastWeight">Weight that makes a core.</param>
    public static int[] Cluster(ReadOnlySpan<float> points, int dimensions, ReadOnlySpan<double> weights, double eps, double leastWeight)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length * dimensions, points.Length);
        var rows = weights.Length;
        var neighbours = new List<int>[rows];
        var near = new double[rows];
        for (var row = 0; row < rows; row++)
        {
            neighbours[row] = [];
            for (var other = 0; other < rows; other++)
            {
                if (other == row || Distance(points, dimensions, row, other) <= eps)
                {
                    neighbours[row].Add(other);
                    near[row] += weights[other];
                }
            }
        }

        var labels = new int[rows];
        Array.Fill(labels, Noise);
        var clusters = 0;
        for (var row = 0; row < rows; row++)
        {
            if (labels[row] == Noise && near[row] >= leastWeight)
            {
                Spread(row, clusters++, neighbours, near, leastWeight, labels);
            }
        }

        return labels;
    }

    /// <summary>
    /// The distance at which the rows' distances to their <paramref name="neighbour"/>-th nearest row, in order, turn up most sharply: the
    /// point farthest below the straight line from the first to the last (the knee of Satopää et al. 2011). Rows that lie together have
    /// nearer neighbours, noise has farther ones. 0 for a single row.
    /// </summary>
    public static double KneeDistance(ReadOnlySpan<float> points, int dimensions, int neighbour)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(neighbour, 1);
        var rows = points.Length / dimensions;
        if (rows < 2)
        {
            return 0;
        }

        var curve = new double[rows];
        var distances = new double[rows - 1];
        for (var row = 0; row < rows; row++)
        {
            for (var (other, at) = (0, 0); other < rows; other++)
            {
                if (other != row)
                {
                    distances[at++] = Distance(points, dimensions, row, other);
                }
            }

            Array.Sort(distances);
            curve[row] = distances[Math.Min(neighbour, distances.Length) - 1];
        }

        Array.Sort(curve);
        var (knee, farthest) = (rows - 1, 0.0);
        for (var i = 0; i < rows; i++)
        {
            var below = curve[0] + ((curve[^1] - curve[0]) * i / (rows - 1)) - curve[i];
            if (below > farthest)
            {
                (knee, farthest) = (i, below);
            }
        }

        return curve[knee];
    }

    private static void Spread(int core, int cluster, List<int>[] neighbours, double[] near, double leastWeight, int[] labels)
    {
        var reached = new Stack<int>([core]);
        labels[core] = cluster;
        while (reached.TryPop(out var row))
        {
            foreach (var other in near[row] >= leastWeight ? neighbours[row] : [])
            {
                if (labels[other] == Noise)
                {
                    labels[other] = cluster;
                    reached.Push(other);
                }
            }
        }
    }

    private static double Distance(ReadOnlySpan<float> points, int dimensions, int a, int b)
        => 1 - VectorMath.Dot(points.Slice(a * dimensions, dimensions), points.Slice(b * dimensions, dimensions));
}
