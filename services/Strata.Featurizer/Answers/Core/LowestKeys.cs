namespace Strata.Featurizer.Answers.Core;

/// <summary>The lowest of many evenly distributed keys that come and go, without keeping an order of them all.</summary>
internal sealed class LowestKeys
{
    // No id has a noncharacter.
    private static readonly ItemKey Highest = new(ulong.MaxValue, "\uffff");

    private readonly SortedSet<ItemKey> _held = [];

    // Every key up to it is held.
    private ItemKey _limit = Highest;

    public void Add(ItemKey key)
    {
        if (key <= _limit)
        {
            _held.Add(key);
        }
    }

    public void Remove(ItemKey key) => _held.Remove(key);

    /// <summary>The lowest <paramref name="count"/> of all keys, in order. Reads all of them seldom: when too few are held.</summary>
    /// <param name="count">At most as many as there are.</param>
    /// <param name="all">All of them.</param>
    /// <param name="total">Their number.</param>
    public IReadOnlyList<ItemKey> Take(int count, IEnumerable<ItemKey> all, int total)
    {
        for (var share = 4L * count; _held.Count < count; share *= 2)
        {
            _limit = share >= total ? Highest : new ItemKey(ulong.MaxValue / (ulong)total * (ulong)share, "");
            _held.UnionWith(all.Where(key => key <= _limit));
        }

        if (_held.Count > (8 * count) + 64)
        {
            _limit = _held.ElementAt((4 * count) - 1);
            _held.RemoveWhere(key => key > _limit);
        }

        return [.. _held.Take(count)];
    }
}
