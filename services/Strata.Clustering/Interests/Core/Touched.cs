using Strata.Numerics;

namespace Strata.Clustering.Interests.Core;

/// <summary>
/// A sample of up to three of the items that a user touched in a layer: those whose ids have the smallest hashes (bottom-k sampling, Cohen
/// and Kaplan 2007), so it is the same in any order, and however often one comes.
/// </summary>
/// <param name="First">Id of the one with the smallest hash; null: none.</param>
/// <param name="Second">The next.</param>
/// <param name="Third">The last.</param>
public readonly record struct Touched(string? First, string? Second, string? Third)
{
    /// <summary>Number of them, 0 to 3.</summary>
    public int Count => First is null ? 0 : Second is null ? 1 : Third is null ? 2 : 3;

    /// <summary>Their ids.</summary>
    public IEnumerable<string> ItemIds => ((string?[])[First, Second, Third]).OfType<string>();

    /// <summary>The sample of these.</summary>
    public static Touched Of(IEnumerable<string> itemIds) => itemIds.Aggregate(default(Touched), (sample, id) => sample.With(id));

    /// <summary>The sample after another item; null changes nothing.</summary>
    public Touched With(string? itemId)
    {
        if (itemId is null || itemId == First || itemId == Second || itemId == Third)
        {
            return this;
        }

        var hash = HashOf(itemId);
        return First is null || hash < HashOf(First) ? new(itemId, First, Second)
            : Second is null || hash < HashOf(Second) ? new(First, itemId, Second)
            : Third is null || hash < HashOf(Third) ? new(First, Second, itemId)
            : this;
    }

    /// <summary>The sample of both.</summary>
    public Touched With(Touched other) => With(other.First).With(other.Second).With(other.Third);

    private static ulong HashOf(string itemId) => BloomFilter.KeyOf(itemId, 0);
}
