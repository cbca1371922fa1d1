using System.IO.Hashing;
using System.Text;

namespace Strata.Featurizer.Answers.Core;

/// <summary>An item among others: in an order that says nothing of its id, so that the lowest of all are a fair sample.</summary>
/// <param name="Hash">Bits that its id hashes to, evenly distributed; they count first.</param>
/// <param name="Id">Its id.</param>
internal readonly record struct ItemKey(ulong Hash, string Id) : IComparable<ItemKey>
{
    public static bool operator <(ItemKey a, ItemKey b) => a.CompareTo(b) < 0;

    public static bool operator >(ItemKey a, ItemKey b) => a.CompareTo(b) > 0;

    public static bool operator <=(ItemKey a, ItemKey b) => a.CompareTo(b) <= 0;

    public static bool operator >=(ItemKey a, ItemKey b) => a.CompareTo(b) >= 0;

    public static ItemKey Of(string itemId) => new(XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(itemId)), itemId);

    public int CompareTo(ItemKey other) => Hash == other.Hash ? string.CompareOrdinal(Id, other.Id) : Hash.CompareTo(other.Hash);

    public override int GetHashCode() => (int)Hash;
}
