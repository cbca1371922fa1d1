using Strata.Numerics;

namespace Strata.Clustering.Layers;

/// <summary>Centroids as all steps make them, so that the same sum gives the same bits everywhere.</summary>
internal static class UnitCentroid
{
    // Below it a sum is what rounding to fixed point left of points that cancel out: its direction says nothing.
    private const double LeastNorm = 1e-6;

    /// <summary>Writes S / ‖S‖; a sum without direction leaves the centroid where it is, so there is never a zero vector.</summary>
    public static void Write(ReadOnlySpan<double> sum, Span<float> centroid) => VectorMath.TryNormalize(sum, centroid, LeastNorm);

    /// <summary>
    /// Writes (C + p·S) / ‖·‖ of a layer whose sums are as of now: p = min(1, items / points), so that demand never outweighs the items.
    /// </summary>
    public static void Write(LayerState layer, Span<float> centroid)
    {
        if (layer.CatalogueSum.IsEmpty)
        {
            Write(layer.Sum.Span, centroid);
            return;
        }

        var items = layer.CatalogueSum.Span;
        var points = layer.Sum.Span;
        var pointWeight = layer.Weight > layer.CatalogueWeight ? layer.CatalogueWeight / layer.Weight : 1;
        var sum = new double[points.Length];
        for (var k = 0; k < sum.Length; k++)
        {
            sum[k] = items[k] + (pointWeight * points[k]);
        }

        Write(sum, centroid);
    }
}
