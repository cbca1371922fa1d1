namespace Strata.Evaluator.Measures;

/// <summary>
/// Where an item stands: behind <paramref name="Better"/> others, and among <paramref name="Ties"/> of the same score, itself one of them.
/// Measures are the expectation over all orders of the tied (McSherry and Najork 2008, Computing information retrieval performance measures
/// efficiently in the presence of tied scores).
/// </summary>
/// <param name="Better">Items with a higher score; −1: the item is not there.</param>
/// <param name="Ties">Items with this score, 1 at least.</param>
internal readonly record struct Rank(int Better, int Ties)
{
    // Above so many ties the sum of reciprocals is its integral: equal to 10⁻⁶ and better.
    private const int Many = 1000;

    /// <summary>The item is not there.</summary>
    public static Rank Absent { get; } = new(-1, 1);

    private bool IsThere => Better >= 0;

    /// <summary>Nobody shares it.</summary>
    /// <param name="rank">0-based; −1: the item is not there.</param>
    public static implicit operator Rank(int rank) => new(rank, 1);

    /// <summary>How likely the item is among the first <paramref name="depth"/>.</summary>
    public double Hit(int depth) => IsThere ? Math.Clamp(depth - Better, 0, Ties) / (double)Ties : 0;

    /// <summary>
    /// Discounted gain with one right item: 1/log2(rank + 2) among the first <paramref name="depth"/>, else 0. The ideal is 1, so this is
    /// NDCG.
    /// </summary>
    public double Gain(int depth)
    {
        var sum = 0.0;
        for (var rank = Better; IsThere && rank < Math.Min(depth, Better + Ties); rank++)
        {
            sum += 1 / double.Log2(rank + 2);
        }

        return sum / Ties;
    }

    /// <summary>1/(rank + 1).</summary>
    public double Reciprocal()
    {
        if (!IsThere)
        {
            return 0;
        }

        var sum = Ties > Many ? Math.Log((Better + Ties + .5) / (Better + Many + .5)) : 0;
        for (var rank = Better; rank < Better + Math.Min(Ties, Many); rank++)
        {
            sum += 1.0 / (rank + 1);
        }

        return sum / Ties;
    }
}
