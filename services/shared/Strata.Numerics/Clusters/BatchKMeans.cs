using System.Numerics.Tensors;

namespace Strata.Numerics.Clusters;

/// <summary>
/// Batch K-means (Lloyd 1982) with greedy k-means++ seeding, several starts, the best by inertia kept: what scikit-learn's <c>KMeans</c>
/// does. The yardstick for the streaming layers, not part of serving.
/// </summary>
public static class BatchKMeans
{
    private const int MostIterations = 300;

    /// <summary>
    /// Clusters <paramref name="points"/> (rows of equal length) into <paramref name="clusters"/>; returns the cluster of each.
    /// </summary>
    /// <param name="points">Vectors.</param>
    /// <param name="clusters">Number of clusters, at most the number of points.</param>
    /// <param name="starts">Number of starts.</param>
    /// <param name="random">Source of chance.</param>
    public static int[] Cluster(IReadOnlyList<float[]> points, int clusters, int starts, Random random)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThan(points.Count, clusters);
        var best = double.PositiveInfinity;
        int[] result = [];
        for (var start = 0; start < starts; start++)
        {
            var (assignment, inertia) = Lloyd(points, Seed(points, clusters, random));
            if (inertia < best)
            {
                (best, result) = (inertia, assignment);
            }
        }

        return result;
    }

    private static float[][] Seed(IReadOnlyList<float[]> points, int clusters, Random random)
    {
        var trials = 2 + (int)Math.Log(clusters);
        var centres = new List<float[]> { points[random.Next(points.Count)] };
        var distances = points.Select(point => (double)SquaredDistance(point, centres[0])).ToArray();
        while (centres.Count < clusters)
        {
            var best = (Sum: double.PositiveInfinity, Centre: centres[0], Distances: distances);
            for (var trial = 0; trial < trials; trial++)
            {
                var candidate = points[Draw(distances, random)];
                var next = distances.Select((d, i) => Math.Min(d, SquaredDistance(points[i], candidate))).ToArray();
                if (next.Sum() is var sum && sum < best.Sum)
                {
                    best = (sum, candidate, next);
                }
            }

            centres.Add(best.Centre);
            distances = best.Distances;
        }

        return [.. centres.Select(centre => (float[])centre.Clone())];
    }

    private static int Draw(double[] weights, Random random)
    {
        var target = random.NextDouble() * weights.Sum();
        for (var i = 0; i < weights.Length; i++)
        {
            if ((target -= weights[i]) < 0)
            {
                return i;
            }
        }

        return weights.Length - 1;
    }

    private static (int[] Assignment, double Inertia) Lloyd(IReadOnlyList<float[]> points, float[][] centres)
    {
        var assignment = new int[points.Count];
        for (var iteration = 0; ; iteration++)
        {
            var changed = false;
            var inertia = 0.0;
            for (var i = 0; i < points.Count; i++)
            {
                var nearest = 0;
                var least = float.PositiveInfinity;
                for (var k = 0; k < centres.Length; k++)
                {
                    if (SquaredDistance(points[i], centres[k]) is var distance && distance < least)
                    {
                        (nearest, least) = (k, distance);
                    }
                }

                changed |= assignment[i] != nearest;
                assignment[i] = nearest;
                inertia += least;
            }

            if ((!changed && iteration > 0) || iteration == MostIterations)
            {
                return (assignment, inertia);
            }

            Recentre(points, assignment, centres);
        }
    }

    private static void Recentre(IReadOnlyList<float[]> points, int[] assignment, float[][] centres)
    {
        var members = points.Select((point, i) => (point, cluster: assignment[i])).ToLookup(pair => pair.cluster, pair => pair.point);
        for (var k = 0; k < centres.Length; k++)
        {
            if (!members[k].Any())
            {
                continue; // an empty cluster keeps its centre
            }

            var mean = new float[centres[k].Length];
            foreach (var member in members[k])
            {
                TensorPrimitives.Add(mean, member, mean);
            }

            TensorPrimitives.Divide(mean, members[k].Count(), mean);
            centres[k] = mean;
        }
    }

    private static float SquaredDistance(float[] a, float[] b)
    {
        var distance = TensorPrimitives.Distance<float>(a, b);
        return distance * distance;
    }
}
