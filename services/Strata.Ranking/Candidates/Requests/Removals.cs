using Strata.Ranking.Candidates.Affinities;
using Strata.Ranking.Index.Core;

namespace Strata.Ranking.Candidates.Requests;

/// <summary>What the filters of a request remove, and how many of the items that the sources came upon each of them removed.</summary>
public sealed class Removals
{
    // Filter by item, by slot and by variant.
    private readonly SparseScores _items = new();
    private readonly Dictionary<int, int> _slots = [];
    private readonly Dictionary<int, int> _variants = [];

    // Items that a source came upon and that fell: each counts once, however many sources find it.
    private readonly SparseScores _fallen = new();
    private int[] _counts = [];
    private int _filter;

    /// <summary>Items that a filter removed.</summary>
    public int CountOf(int filter) => _counts[filter];

    /// <summary>A filter removes the item. Counts it.</summary>
    internal bool Removes(int item, CatalogueView view)
    {
        var filter = _items.NumberOf(item);
        if (filter < 0
            && (_slots.Count == 0 || !_slots.TryGetValue(view.Assignment.SlotOf(item), out filter))
            && (_variants.Count == 0 || !_variants.TryGetValue(view.Items.Variants[item], out filter)))
        {
            return false;
        }

        _counts[filter] += _fallen.Add(item, 0) ? 1 : 0;
        return true;
    }

    /// <summary>Marks an item; −1, an item that the catalogue does not know, is passed over.</summary>
    internal void RemoveItem(int item)
    {
        if (item >= 0 && !_items.Contains(item))
        {
            _items.Add(item, _filter);
        }
    }

    /// <summary>Marks all items with a number of variants; −1, an item without variants, is passed over.</summary>
    internal void RemoveVariants(int variant)
    {
        if (variant >= 0)
        {
            _variants.TryAdd(variant, _filter);
        }
    }

    internal void RemoveLayer(int slot) => _slots.TryAdd(slot, _filter);

    /// <summary>What is marked from now on is a filter's.</summary>
    internal void Begin(int filter) => _filter = filter;

    /// <summary>Nothing is removed any more.</summary>
    internal void Clear(int filters)
    {
        Array.Resize(ref _counts, filters);
        Array.Clear(_counts);
        _items.Clear();
        _slots.Clear();
        _variants.Clear();
        _fallen.Clear();
    }
}
