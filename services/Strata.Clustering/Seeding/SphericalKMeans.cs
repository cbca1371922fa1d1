using Strata.Clustering.Assignment;
using Strata.Clustering.Layers;
using Strata.Numerics;

namespace Strata.Clustering.Seeding;

/// <summary>
/// Batch spherical K-means on unit vectors: greedy k-means++ seeds (2 + ln K trials each; above <see cref="GreedyLimit"/> centres AFK-MC²,
/// Bachem et al. 2016), then Lloyd steps. Deterministic for a given source of chance.
/// </summary>
public static class SphericalKMeans
{
    /// <summary>Most centres that are seeded by the greedy rule, whose cost is points · K · trials.</summary>
    public const int GreedyLimit = 256;

    /// <summary>Lloyd steps before centroids are reassigned.</summary>
    public const int FirstSteps = 10;

    private const int ChainLength = 128;

    // A squared distance below this is rounding: the point lies on the centre.
    private const float Covered = 1e-5f;

    /// <summary>
    /// Unit centroids, row-major: <paramref name="count"/> of them, or fewer when the points (row-major unit vectors) lie in fewer places.
    /// A centre that loses all its points stays where it is. After <see cref="FirstSteps"/> Lloyd steps up to
    /// <paramref name="reassignments"/> attempts to move centroids follow (<see cref="CentroidReassignment"/>), because one k-means++
    /// seeding alone varies much; then Lloyd steps until nothing changes or <paramref name="lloydSteps"/> are done, not counting the
    /// reassignments'.
    /// </summary>
    public static float[] Fit(ReadOnlySpan<float> points, int dimensions, int count, int lloydSteps, Random random, int reassignments = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points.Length, dimensions);
        ArgumentOutOfRangeException.ThrowIfNegative(reassignments);
        ArgumentNullException.ThrowIfNull(random);
        var seeds = count <= GreedyLimit ? GreedySeeds(points, dimensions, count, random) : ChainSeeds(points, dimensions, count, random);
        var centroids = new float[seeds.Count * dimensions];
        for (var i = 0; i < seeds.Count; i++)
        {
            Row(points, dimensions, seeds[i]).CopyTo(centroids.AsSpan(i * dimensions));
        }

        var nearest = new Nearest[points.Length / dimensions];
        var firstSteps = Math.Min(FirstSteps, lloydSteps);
        Lloyd(points, dimensions, centroids, firstSteps, nearest);
        centroids = CentroidReassignment.Improve(points, dimensions, centroids, reassignments, random, nearest);
        Lloyd(points, dimensions, centroids, lloydSteps - firstSteps, nearest);
        return centroids;
    }

    /// <summary>Σ (2 − 2·cosine) to the nearest centroid, which is left in <paramref name="nearest"/> for each point.</summary>
    internal static double ErrorOf(ReadOnlySpan<float> points, int dimensions, float[] centroids, Nearest[] nearest)
    {
        new Assigner(centroids, dimensions).Assign(points, nearest);
        var error = 0.0;
        foreach (var point in nearest)
        {
            error += point.Error;
        }

        return error;
    }

    /// <summary>Lloyd steps in place, until nothing changes or <paramref name="steps"/> are done.</summary>
    internal static void Lloyd(ReadOnlySpan<float> points, int dimensions, float[] centroids, int steps, Nearest[] nearest)
    {
        var before = new float[centroids.Length];
        for (var step = 0; step < steps; step++)
        {
            centroids.CopyTo(before, 0);
            LloydStep(points, dimensions, centroids, nearest);
            if (before.AsSpan().SequenceEqual(centroids))
            {
                break;
            }
        }
    }

    private static void LloydStep(ReadOnlySpan<float> points, int dimensions, float[] centroids, Nearest[] nearest)
    {
        new Assigner(centroids, dimensions).Assign(points, nearest);
        var sums = new long[centroids.Length];
        for (var i = 0; i < nearest.Length; i++)
        {
            FixedPoint.Add(sums.AsSpan(nearest[i].First * dimensions, dimensions), Row(points, dimensions, i));
        }

        var sum = new double[dimensions];
        for (var at = 0; at < sums.Length; at += dimensions)
        {
            for (var k = 0; k < dimensions; k++)
            {
                sum[k] = FixedPoint.ToDouble(sums[at + k]);
            }

            UnitCentroid.Write(sum, centroids.AsSpan(at, dimensions));
        }
    }

    private static List<int> GreedySeeds(ReadOnlySpan<float> points, int dimensions, int count, Random random)
    {
        var n = points.Length / dimensions;
        var trials = 2 + (int)Math.Log(count);
        var seeds = new List<int>(count) { random.Next(n) };
        var distances = new float[n];
        Array.Fill(distances, float.MaxValue);
        Lower(points, dimensions, seeds[0], distances, distances);
        var trial = new float[n];
        var best = new float[n];
        var prefix = new double[n];
        while (seeds.Count < count && Sum(distances, prefix) > 0)
        {
            var (chosen, chosenLeft) = (-1, double.PositiveInfinity);
            for (var t = 0; t < trials; t++)
            {
                var candidate = Draw(prefix, random);
                var left = Lower(points, dimensions, candidate, distances, trial);
                if (left < chosenLeft)
                {
                    (chosen, chosenLeft) = (candidate, left);
                    (trial, best) = (best, trial);
                }
            }

            seeds.Add(chosen);
            (distances, best) = (best, distances);
        }

        return seeds;
    }

    private static List<int> ChainSeeds(ReadOnlySpan<float> points, int dimensions, int count, Random random)
    {
        var n = points.Length / dimensions;
        var seeds = new List<int>(count) { random.Next(n) };
        var proposal = new float[n];
        Array.Fill(proposal, float.MaxValue);
        Lower(points, dimensions, seeds[0], proposal, proposal);
        var prefix = new double[n];
        var total = Sum(proposal, prefix);
        if (!(total > 0))
        {
            return seeds;
        }

        // Half by squared distance to the first centre, half uniform.
        for (var i = 0; i < n; i++)
        {
            proposal[i] = (float)((proposal[i] / total) + (1.0 / n));
        }

        Sum(proposal, prefix);
        for (var failures = 0; seeds.Count < count && failures < count;)
        {
            var (at, distance) = (-1, 0.0);
            for (var step = 0; step < ChainLength; step++)
            {
                var candidate = Draw(prefix, random);
                var candidateDistance = DistanceToNearest(points, dimensions, seeds, candidate);
                if (at < 0 || candidateDistance * proposal[at] > distance * proposal[candidate] * random.NextDouble())
                {
                    (at, distance) = (candidate, candidateDistance);
                }
            }

            if (distance > 0)
            {
                seeds.Add(at);
            }
            else
            {
                failures++;
            }
        }

        return seeds;
    }

    private static double DistanceToNearest(ReadOnlySpan<float> points, int dimensions, List<int> seeds, int point)
    {
        var row = Row(points, dimensions, point);
        var cosine = float.NegativeInfinity;
        foreach (var seed in seeds)
        {
            cosine = Math.Max(cosine, VectorMath.Dot(row, Row(points, dimensions, seed)));
        }

        return Distance(cosine);
    }

    /// <summary>Writes min(distance, squared distance to the centre) of every point and returns the sum.</summary>
    private static double Lower(ReadOnlySpan<float> points, int dimensions, int centre, float[] distances, float[] lowered)
    {
        var row = Row(points, dimensions, centre);
        var sum = 0.0;
        for (var i = 0; i < distances.Length; i++)
        {
            lowered[i] = Math.Min(distances[i], Distance(VectorMath.Dot(row, Row(points, dimensions, i))));
            sum += lowered[i];
        }

        return sum;
    }

    private static float Distance(float cosine) => 2 - (2 * cosine) is var distance && distance > Covered ? distance : 0;

    private static double Sum(float[] weights, double[] prefix)
    {
        var sum = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            sum += weights[i];
            prefix[i] = sum;
        }

        return sum;
    }

    private static int Draw(double[] prefix, Random random)
    {
        var at = Array.BinarySearch(prefix, random.NextDouble() * prefix[^1]);
        return Math.Min(at < 0 ? ~at : at + 1, prefix.Length - 1);
    }

    private static ReadOnlySpan<float> Row(ReadOnlySpan<float> points, int dimensions, int index)
        => points.Slice(index * dimensions, dimensions);
}
