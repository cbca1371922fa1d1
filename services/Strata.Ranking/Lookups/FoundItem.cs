namespace Strata.Ranking.Lookups;

/// <summary>An item that was looked up.</summary>
/// <param name="Item">Item index.</param>
/// <param name="First">What the first way of looking adds to the score.</param>
/// <param name="Second">What the second adds.</param>
/// <param name="Interest">What the user's layers add.</param>
internal readonly record struct FoundItem(int Item, double First, double Second, double Interest)
{
    public double Score => First + Second + Interest;
}
