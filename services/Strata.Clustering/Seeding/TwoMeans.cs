using Strata.Clustering.Layers;
using Strata.Numerics;

namespace Strata.Clustering.Seeding;

/// <summary>Spherical 2-means on row-major unit vectors.</summary>
internal static class TwoMeans
{
    private const int Starts = 4;
    private const int Steps = 6;

    /// <summary>
    /// Two unit centroids, one after the other, the best of a few starts by Σ cosine, and that sum; null when the points lie in one place.
    /// </summary>
    public static (float[] Centres, double Cosines)? Fit(ReadOnlySpan<float> points, int d, Random random)
    {
        float[]? best = null;
        var most = double.NegativeInfinity;
        for (var start = 0; start < Starts; start++)
        {
            var centres = SphericalKMeans.Fit(points, d, 2, 0, random);
            if (centres.Length < 2 * d)
            {
                return null;
            }

            var firsts = new bool[points.Length / d];
            for (var step = 0; step < Steps; step++)
            {
                if (!Divide(points, centres, firsts, d) && step > 0)
                {
                    break;
                }

                Recentre(points, centres, firsts, d);
            }

            if (Cosines(points, centres, d) is var cosines && cosines > most)
            {
                (best, most) = (centres, cosines);
            }
        }

        return best is null ? null : (best, most);
    }

    /// <summary>The point lies nearer to the first centre, or as near.</summary>
    public static bool IsFirst(ReadOnlySpan<float> point, float[] centres)
    {
        var d = point.Length;
        return VectorMath.Dot(point, centres.AsSpan(0, d)) >= VectorMath.Dot(point, centres.AsSpan(d, d));
    }

    /// <summary>Says of every point whether it lies with the first centre; true when that has changed for any.</summary>
    private static bool Divide(ReadOnlySpan<float> points, float[] centres, bool[] firsts, int d)
    {
        var changed = false;
        for (var i = 0; i < firsts.Length; i++)
        {
            var isFirst = IsFirst(points.Slice(i * d, d), centres);
            changed |= isFirst != firsts[i];
            firsts[i] = isFirst;
        }

        return changed;
    }

    private static void Recentre(ReadOnlySpan<float> points, float[] centres, bool[] firsts, int d)
    {
        var sums = new long[2 * d];
        for (var i = 0; i < firsts.Length; i++)
        {
            FixedPoint.Add(sums.AsSpan(firsts[i] ? 0 : d, d), points.Slice(i * d, d));
        }

        var wide = Array.ConvertAll(sums, FixedPoint.ToDouble);
        UnitCentroid.Write(wide.AsSpan(0, d), centres.AsSpan(0, d));
        UnitCentroid.Write(wide.AsSpan(d, d), centres.AsSpan(d, d));
    }

    private static double Cosines(ReadOnlySpan<float> points, float[] centres, int d)
    {
        var sum = 0.0;
        for (var at = 0; at < points.Length; at += d)
        {
            var point = points.Slice(at, d);
            sum += Math.Max(VectorMath.Dot(point, centres.AsSpan(0, d)), VectorMath.Dot(point, centres.AsSpan(d, d)));
        }

        return sum;
    }
}
