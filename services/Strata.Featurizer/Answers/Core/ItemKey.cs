using System.IO.Hashing;
using System.Text;

namespace Strata.Featurizer.Answers.Core;

/// <summary>By what an item is known: 128 bits that its id hashes to, evenly distributed and a quarter of an id's memory.</summary>
/// <param name="High">The bits that count first.</param>
/// <param name="Low">The others.</param>
internal readonly record struct ItemKey(ulong High, ulong Low) : IComparable<ItemKey>
{
    public static bool operator <(ItemKey a, ItemKey b) => a.CompareTo(b) < 0;

    public static bool operator >(ItemKey a, ItemKey b) => a.CompareTo(b) > 0;

    public static bool operator <=(ItemKey a, ItemKey b) => a.CompareTo(b) <= 0;

    public static bool operator >=(ItemKey a, ItemKey b) => a.CompareTo(b) >= 0;

    public static ItemKey Of(string itemId)
    {
        var hash = XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(itemId));
        return new ItemKey((ulong)(hash >> 64), (ulong)hash);
    }

    public int CompareTo(ItemKey other) => High == other.High ? Low.CompareTo(other.Low) : High.CompareTo(other.High);

    public override int GetHashCode() => (int)Low;
}
