using Strata.Numerics;

namespace Strata.Clustering.Layers;

/// <summary>Spherical 2-means on row-major unit vectors.</summary>
internal static class TwoMeans
{
    private const int Starts = 4;
    private const int Steps = 6;

    /// <summary>Two unit centroids, one after the other, the best of a few starts by Σ cosine, and that sum; null when the points lie in one place.</summary>
    public static (float[] Centres, double Cosines)? Fit(float[] points, int d, Random random)
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

            for (var step = 0; step < Steps; step++)
            {
                Recentre(points, centres, d);
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

    private static void Recentre(float[] points, float[] centres, int d)
    {
        var sums = new long[2 * d];
        for (var at = 0; at < points.Length; at += d)
        {
            var point = points.AsSpan(at, d);
            FixedPoint.Add(sums.AsSpan(IsFirst(point, centres) ? 0 : d, d), point);
        }

        var wide = Array.ConvertAll(sums, FixedPoint.ToDouble);
        LayerSetReducer.WriteCentroid(wide.AsSpan(0, d), centres.AsSpan(0, d));
        LayerSetReducer.WriteCentroid(wide.AsSpan(d, d), centres.AsSpan(d, d));
    }

    private static double Cosines(float[] points, float[] centres, int d)
    {
        var sum = 0.0;
        for (var at = 0; at < points.Length; at += d)
        {
            var point = points.AsSpan(at, d);
            sum += Math.Max(VectorMath.Dot(point, centres.AsSpan(0, d)), VectorMath.Dot(point, centres.AsSpan(d, d)));
        }

        return sum;
    }
}
