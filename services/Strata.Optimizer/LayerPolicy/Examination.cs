namespace Strata.Optimizer.LayerPolicy;

/// <summary>
/// How likely a position of a slate is looked at: 1/log₂(2 + position), the discount that NDCG uses. A click rate over positions weighted
/// by it compares layers by what their items are worth, not by how high they were put.
/// </summary>
public static class Examination
{
    /// <summary>1 at position 0, .63 at 1, .30 at 8.</summary>
    public static double Of(int position) => 1 / double.Log2(2 + position);
}
