namespace Strata.Numerics.Clusters;

/// <summary>How well a clustering agrees with true classes. Both are given as one number an item, of any values.</summary>
public static class ClusterAgreement
{
    /// <summary>
    /// Normalised mutual information, I(A;B) over the arithmetic mean of the entropies, 0 to 1 (scikit-learn's
    /// <c>normalized_mutual_info_score</c>). 1 when both sides are one class.
    /// </summary>
    public static double NormalizedMutualInformation(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        var table = Contingency.Of(a, b);
        double n = a.Length;
        var information = 0.0;
        foreach (var ((row, column), count) in table.Cells)
        {
            information += count / n * Math.Log(n * count / ((double)table.Rows[row] * table.Columns[column]));
        }

        var mean = (Entropy(table.Rows.Values, n) + Entropy(table.Columns.Values, n)) / 2;
        return mean > 0 ? Math.Clamp(information / mean, 0, 1) : 1;
    }

    /// <summary>Adjusted Rand index (Hubert and Arabie 1985): 0 expected by chance, 1 for the same partition.</summary>
    public static double AdjustedRandIndex(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        var table = Contingency.Of(a, b);
        var cells = table.Cells.Values.Sum(Pairs);
        var rows = table.Rows.Values.Sum(Pairs);
        var columns = table.Columns.Values.Sum(Pairs);
        var expected = rows * columns / Math.Max(1, Pairs(a.Length));
        var most = (rows + columns) / 2;
        return most > expected ? (cells - expected) / (most - expected) : 1;
    }

    /// <summary>Share of items that belong to the most frequent class of their cluster.</summary>
    public static double Purity(ReadOnlySpan<int> clusters, ReadOnlySpan<int> classes)
        => Contingency.Of(clusters, classes).Cells
            .GroupBy(cell => cell.Key.Row)
            .Sum(row => row.Max(cell => cell.Value)) / (double)clusters.Length;

    private static double Pairs(int n) => n * (n - 1.0) / 2;

    private static double Entropy(IEnumerable<int> counts, double n) => -counts.Sum(count => count / n * Math.Log(count / n));

    private sealed record Contingency(Dictionary<(int Row, int Column), int> Cells, Dictionary<int, int> Rows, Dictionary<int, int> Columns)
    {
        public static Contingency Of(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(a.Length, b.Length);
            ArgumentOutOfRangeException.ThrowIfZero(a.Length);
            var table = new Contingency([], [], []);
            for (var i = 0; i < a.Length; i++)
            {
                table.Cells[(a[i], b[i])] = table.Cells.GetValueOrDefault((a[i], b[i])) + 1;
                table.Rows[a[i]] = table.Rows.GetValueOrDefault(a[i]) + 1;
                table.Columns[b[i]] = table.Columns.GetValueOrDefault(b[i]) + 1;
            }

            return table;
        }
    }
}
