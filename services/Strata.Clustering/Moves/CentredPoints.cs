using Strata.Clustering.Layers;

namespace Strata.Clustering.Moves;

/// <summary>What moves are judged on: items of the catalogue and recent points, each row as heavy as any other.</summary>
/// <param name="Rows">Centred unit vectors, row-major; a row that is not in <paramref name="Order"/> says nothing.</param>
/// <param name="Order">Rows in the order in which the points came, which is the same for the same log wherever they lie.</param>
/// <param name="Items">So many of the first rows are items.</param>
public readonly record struct CentredPoints(ReadOnlyMemory<float> Rows, IReadOnlyList<int> Order, int Items = 0)
{
    /// <summary>
    /// Items and recent points in the proportion in which they weigh: of whichever are more than that, every so manieth is left out.
    /// </summary>
    /// <param name="items">Centred unit vectors of the catalogue's items, row-major.</param>
    /// <param name="points">Recent points.</param>
    /// <param name="set">The set in whose space they lie.</param>
    public static CentredPoints Of(ReadOnlySpan<float> items, CentredPoints points, LayerSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        var (catalogue, demand) = (0.0, 0.0);
        for (var i = 0; i < set.Count; i++)
        {
            catalogue += set.Layers[i].CatalogueWeight;
            demand += set.WeightOf(i);
        }

        var d = set.Dimensions;
        var perItem = catalogue > 0 ? Math.Min(1, demand / catalogue) : 0;
        var ofItems = Math.Min(items.Length / d, perItem > 0 ? (int)Math.Ceiling(points.Order.Count / perItem) : int.MaxValue);
        var ofPoints = Math.Min(points.Order.Count, (int)(items.Length / d * perItem));
        var rows = new float[(ofItems + ofPoints) * d];
        for (var i = 0; i < ofItems; i++)
        {
            items.Slice((int)((long)i * (items.Length / d) / ofItems) * d, d).CopyTo(rows.AsSpan(i * d));
        }

        for (var i = 0; i < ofPoints; i++)
        {
            var row = points.Order[(int)((long)i * points.Order.Count / ofPoints)];
            points.Rows.Span.Slice(row * d, d).CopyTo(rows.AsSpan((ofItems + i) * d));
        }

        return new CentredPoints(rows, [.. Enumerable.Range(0, ofItems + ofPoints)], ofItems);
    }
}
