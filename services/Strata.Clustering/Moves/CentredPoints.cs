namespace Strata.Clustering.Moves;

/// <summary>Recent points as moves are judged on them.</summary>
/// <param name="Rows">Centred unit vectors, row-major; a row that is not in <paramref name="Order"/> says nothing.</param>
/// <param name="Order">Rows in the order in which the points came, which is the same for the same log wherever they lie.</param>
public readonly record struct CentredPoints(ReadOnlyMemory<float> Rows, IReadOnlyList<int> Order);
