namespace Strata.Evaluator.Measures;

/// <summary>Ranks are 0-based; −1 means absent.</summary>
internal static class Rank
{
    /// <summary>
    /// Middle of the tie: <paramref name="better"/> items stand before, <paramref name="equal"/> have the same score, the item itself among
    /// them.
    /// </summary>
    public static int Middle(int better, int equal) => better + (Math.Max(equal - 1, 0) / 2);

    /// <summary>1 when the rank is among the first <paramref name="depth"/>.</summary>
    public static double Hit(int rank, int depth) => rank >= 0 && rank < depth ? 1 : 0;

    /// <summary>
    /// Discounted gain with one right item: 1/log2(rank + 2) among the first <paramref name="depth"/>, else 0. The ideal is 1, so this is
    /// NDCG.
    /// </summary>
    public static double Gain(int rank, int depth) => rank >= 0 && rank < depth ? 1 / double.Log2(rank + 2) : 0;

    /// <summary>1/(rank + 1).</summary>
    public static double Reciprocal(int rank) => rank >= 0 ? 1.0 / (rank + 1) : 0;
}
