namespace Strata.Evaluator.Similar;

/// <summary>
/// Items bought together: n[i][j] / √(n[i] · n[j]) over all baskets so far, nothing forgotten and nothing cut off, which is the cosine of
/// their columns in the table of baskets (Sarwar et al. 2001, Item-based collaborative filtering recommendation algorithms).
/// </summary>
internal sealed class BasketCosine(int items)
{
    private readonly Dictionary<int, int>?[] _together = new Dictionary<int, int>?[items];
    private readonly int[] _baskets = new int[items];

    /// <summary>Learns a basket of distinct items.</summary>
    public void Learn(IReadOnlyList<int> basket)
    {
        foreach (var item in basket)
        {
            _baskets[item]++;
            var together = _together[item] ??= [];
            foreach (var other in basket)
            {
                if (other != item)
                {
                    together[other] = together.GetValueOrDefault(other) + 1;
                }
            }
        }
    }

    /// <summary>The best beside an item, of equals the lowest index.</summary>
    /// <param name="item">The item.</param>
    /// <param name="alive">Only items below this index.</param>
    /// <param name="count">How many, at most.</param>
    public IReadOnlyList<int> Find(int item, int alive, int count)
        => _together[item] is not { } together
            ? []
            : [
                .. together.Where(pair => pair.Key < alive).OrderByDescending(pair => pair.Value / Math.Sqrt(_baskets[pair.Key]))
                    .ThenBy(pair => pair.Key).Take(count).Select(pair => pair.Key),
            ];
}
