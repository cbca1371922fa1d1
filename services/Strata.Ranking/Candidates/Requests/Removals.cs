using Strata.Contracts;
using Strata.Contracts.State.V1;
using Strata.Numerics;
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
    private readonly List<(ReadOnlyMemory<byte> Half, uint Set, int Filter)> _sketches = [];
    private readonly SparseScores _spared = new();
    private int[] _counts = [];
    private int _filter;

    // What every item must be like; null: nothing was said.
    private Func<int, bool>? _holds;
    private int _holdsFilter;

    /// <summary>Items that a filter removed.</summary>
    public int CountOf(int filter) => _counts[filter];

    /// <summary>Items that sources came upon and a filter removed, in the order they did, with the first filter that does.</summary>
    internal IEnumerable<(int Item, int Filter)> Fallen(CatalogueView view)
        => Enumerable.Range(0, _fallen.Count).Select(_fallen.ItemAt).Select(item => (item, FilterOf(item, view)));

    /// <summary>A filter removes the item. Counts it.</summary>
    internal bool Removes(int item, CatalogueView view)
    {
        if (FilterOf(item, view) is not (>= 0 and var filter))
        {
            return false;
        }

        _counts[filter] += _fallen.Add(item, 0) ? 1 : 0;
        return true;
    }

    /// <summary>The first filter that removes the item; −1: none does.</summary>
    internal int FilterOf(int item, CatalogueView view)
    {
        if (_items.NumberOf(item) is >= 0 and var own)
        {
            return own;
        }

        return (_slots.Count > 0 && _slots.TryGetValue(view.Assignment.SlotOf(item), out var filter))
            || (_variants.Count > 0 && _variants.TryGetValue(view.Items.Variants[item], out filter))
            || (_sketches.Count > 0 && !_spared.Contains(item) && IsSketched(view.Items.Ids[item], out filter))
                ? filter
                : _holds is null || _holds(item) ? -1 : _holdsFilter;
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

    /// <summary>Marks what a sketch holds of a set, as far as it is not too old to say.</summary>
    internal void RemoveSketched(ItemSketch? sketch, uint set, long nowMs)
    {
        if (sketch is null || (sketch.Sets & (1u << (int)set)) == 0)
        {
            return;
        }

        foreach (var (half, sinceMs) in new[] { (sketch.Newer, sketch.SinceUnixMs), (sketch.Older, sketch.OlderSinceUnixMs) })
        {
            if (!half.IsEmpty && nowMs - sinceMs < 2 * Keys.SketchHalfLifetime.TotalMilliseconds)
            {
                _sketches.Add((half.Memory, set, _filter));
            }
        }
    }

    /// <summary>A list knows better of an item what a sketch may hold of it.</summary>
    internal void Spare(int item)
    {
        if (item >= 0)
        {
            _spared.Add(item, 0);
        }
    }

    internal void RemoveLayer(int slot) => _slots.TryAdd(slot, _filter);

    /// <summary>Marks all items but those of which this holds.</summary>
    internal void RemoveUnless(Func<int, bool> holds) => (_holds, _holdsFilter) = (holds, _filter);

    /// <summary>What is marked from now on is a filter's.</summary>
    internal void Begin(int filter) => _filter = filter;

    /// <summary>Nothing is removed any more.</summary>
    internal void Clear(int filters)
    {
        Array.Resize(ref _counts, filters);
        Array.Clear(_counts);
        _holds = null;
        _items.Clear();
        _slots.Clear();
        _variants.Clear();
        _sketches.Clear();
        _spared.Clear();
        _fallen.Clear();
    }

    private bool IsSketched(string itemId, out int filter)
    {
        foreach (var (half, set, by) in _sketches)
        {
            if (BloomFilter.Contains(half.Span, BloomFilter.KeyOf(itemId, set)))
            {
                filter = by;
                return true;
            }
        }

        filter = -1;
        return false;
    }
}
