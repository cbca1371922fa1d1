using Strata.Numerics;

namespace Strata.Clustering.Layers;

/// <summary>Recent points as moves are judged on them.</summary>
/// <param name="Rows">Centred unit vectors, row-major; a row that is not in <paramref name="Order"/> says nothing.</param>
/// <param name="Order">Rows in the order in which the points came, which is the same for the same log wherever they lie.</param>
public readonly record struct CentredPoints(ReadOnlyMemory<float> Rows, IReadOnlyList<int> Order)
{
    /// <summary>Centres raw points by the set's mean; those that have no direction are left out.</summary>
    public static CentredPoints Of(LayerSet set, IReadOnlyList<Int8Vector> points)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(points);
        var rows = new float[points.Count * set.Dimensions];
        return new(rows, [.. Enumerable.Range(0, points.Count).Where(i => points[i].TryCentre(set.Mean.Span, rows.AsSpan(i * set.Dimensions, set.Dimensions)))]);
    }
}
