using Strata.Clustering.Assignment;
using Strata.Clustering.Layers;
using Strata.Numerics;

namespace Strata.Clustering.Seeding;

/// <summary>What the items of the catalogue weigh in the layers nearest to them.</summary>
public static class CatalogueMass
{
    /// <summary>
    /// The set with the items counted anew: those of the layers whose items changed turn to their new sums. Without items, or where they
    /// weigh nothing, the same set.
    /// </summary>
    /// <param name="items">Centred unit vectors of the items, or of a sample of them, row-major.</param>
    public static LayerSet Recount(LayerSet set, ReadOnlySpan<float> items)
    {
        ArgumentNullException.ThrowIfNull(set);
        var total = set.Layers.Sum(layer => layer.CatalogueWeight);
        if (items.IsEmpty || !(total > 0))
        {
            return set;
        }

        var (sums, counts) = Count(items, new Assigner(set), set.Count, set.Dimensions);
        var weight = total / (items.Length / set.Dimensions);
        var layers = set.Layers.ToArray();
        for (var i = 0; i < layers.Length; i++)
        {
            var sum = Scaled(sums.AsSpan(i * set.Dimensions, set.Dimensions), weight);
            if (layers[i].CatalogueWeight != weight * counts[i] || !layers[i].CatalogueSum.Span.SequenceEqual(sum))
            {
                layers[i] = AsOfNow(set, layers[i]) with { CatalogueWeight = weight * counts[i], CatalogueSum = sum };
            }
        }

        var centroids = set.Centroids.ToArray();
        for (var i = 0; i < layers.Length; i++)
        {
            if (!ReferenceEquals(layers[i], set.Layers[i]))
            {
                UnitCentroid.Write(layers[i], centroids.AsSpan(i * set.Dimensions, set.Dimensions));
            }
        }

        return set with { Layers = [.. layers], Centroids = centroids };
    }

    /// <summary>
    /// True when a layer was counted with fewer than <see cref="LayersOptions.LeastItems"/> items: it is no part of the catalogue.
    /// </summary>
    /// <param name="set">A set as it was counted.</param>
    /// <param name="items">Items that were counted.</param>
    public static bool HasGhosts(LayerSet set, int items)
    {
        ArgumentNullException.ThrowIfNull(set);
        var total = set.Layers.Sum(layer => layer.CatalogueWeight);
        return items > 0 && total > 0
            && set.Layers.Any(layer => layer.CatalogueWeight * items < (LayersOptions.LeastItems - .5) * total);
    }

    /// <summary>Sums of the rows nearest to each centroid, fixed point, and their numbers.</summary>
    internal static (long[] Sums, int[] Counts) Count(ReadOnlySpan<float> rows, Assigner assigner, int layers, int dimensions)
    {
        var nearest = new Nearest[rows.Length / dimensions];
        assigner.Assign(rows, nearest);
        return Count(rows, nearest, layers, dimensions);
    }

    /// <summary>The same where the rows are assigned already.</summary>
    internal static (long[] Sums, int[] Counts) Count(ReadOnlySpan<float> rows, Nearest[] nearest, int layers, int dimensions)
    {
        var (sums, counts) = (new long[layers * dimensions], new int[layers]);
        for (var i = 0; i < nearest.Length; i++)
        {
            counts[nearest[i].First]++;
            FixedPoint.Add(sums.AsSpan(nearest[i].First * dimensions, dimensions), rows.Slice(i * dimensions, dimensions));
        }

        return (sums, counts);
    }

    internal static float[] Scaled(ReadOnlySpan<long> sum, double weight)
    {
        var scaled = new float[sum.Length];
        for (var k = 0; k < scaled.Length; k++)
        {
            scaled[k] = (float)(weight * FixedPoint.ToDouble(sum[k]));
        }

        return scaled;
    }

    private static LayerState AsOfNow(LayerSet set, LayerState layer)
    {
        var left = set.DecaySince(layer.AsOfPoints);
        return layer with
        {
            Version = set.Version,
            Weight = left * layer.Weight,
            Sum = Array.ConvertAll(layer.Sum.ToArray(), x => left * x),
            Need = left * layer.Need,
            Error = left * layer.Error,
            AsOfPoints = set.Points,
        };
    }
}
