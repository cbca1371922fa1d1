namespace Strata.Clustering.Tests;

internal static class Agreement
{
    /// <summary>
    /// Normalised mutual information with the arithmetic mean of the entropies, as scikit-learn has it; 1 when the groupings are the same.
    /// </summary>
    public static double NormalizedMutualInformation(IReadOnlyList<int> first, IReadOnlyList<int> second)
    {
        double n = first.Count;
        var a = first.CountBy(x => x).ToDictionary(pair => pair.Key, pair => pair.Value / n);
        var b = second.CountBy(x => x).ToDictionary(pair => pair.Key, pair => pair.Value / n);
        var mutual = first.Zip(second).CountBy(pair => pair)
            .Sum(cell => cell.Value / n * Math.Log(cell.Value / n / (a[cell.Key.First] * b[cell.Key.Second])));
        var entropies = (Entropy(a.Values) + Entropy(b.Values)) / 2;
        return entropies > 0 ? mutual / entropies : 1;
    }

    private static double Entropy(IEnumerable<double> shares) => -shares.Sum(share => share * Math.Log(share));
}
