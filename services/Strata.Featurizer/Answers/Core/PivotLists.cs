using System.Runtime.InteropServices;

namespace Strata.Featurizer.Answers.Core;

/// <summary>
/// The catalogue's vectors in lists, an inverted file: some items are pivots, and each item lies in the list of the pivot nearest to it.
/// The pivots are the items with the lowest keys, so that which they are depends on nothing but which items there are, and what comes or
/// goes makes or unmakes only a few. One writer, who works out a change beside readers and makes it while there are none.
/// </summary>
/// <param name="dimensions">Components of a vector.</param>
internal sealed class PivotLists(int dimensions)
{
    private readonly Dictionary<ItemKey, (int List, int Slot)> _places = [];
    private readonly List<ItemList> _lists = []; // by number
    private readonly Stack<int> _free = [];
    private readonly LowestKeys _lowest = new();
    private readonly Stack<ItemBlock> _spare = [];
    private PivotSet _pivots = new([], [], [], dimensions);

    /// <summary>Items.</summary>
    public int Count => _places.Count;

    /// <summary>Pivots of so many items: as many as a list has items on average.</summary>
    public static int PivotsFor(int items) => (int)Math.Ceiling(Math.Sqrt(items));

    /// <summary>
    /// Reader: the items nearest to a query among those in the lists nearest to it, of which so many are read that they hold at least
    /// <paramref name="compared"/> items.
    /// </summary>
    public void Find(ComparedQuery query, int compared, NearestItems nearest)
    {
        Span<float> cosines = stackalloc float[ItemBlock.Rows];
        foreach (var list in _pivots.NearestFirst(query))
        {
            for (var i = 0; i < list.Blocks.Count; i++)
            {
                var (block, rows) = (list.Blocks[i], list.RowsOf(i));
                query.Compare(block.Codes.AsSpan(0, rows * dimensions), block.Inverse.AsSpan(0, rows), cosines);
                nearest.Offer(block, cosines[..rows]);
            }

            compared -= list.Count;
            if (compared <= 0)
            {
                return;
            }
        }
    }

    /// <summary>Writer, beside readers: what becomes of the lists when items get vectors (codes) or go (null).</summary>
    public PivotChange Prepare(IReadOnlyDictionary<ItemKey, ReadOnlyMemory<byte>?> items)
    {
        var changes = items.Where(item => Changes(item.Key, item.Value)).ToDictionary();
        var pivots = PivotsAfter(changes);
        int[] all = [.. Enumerable.Range(0, pivots.Keys.Length)];
        var moved = new List<(ItemKey, ItemList, float)>();
        if (pivots != _pivots)
        {
            int[] kept = [.. _pivots.Keys.Select((key, place) => pivots.PlaceOf(key, _pivots.Lists[place]))];
            int[] fresh = [.. all.Except(kept)];
            for (var list = 0; list < kept.Length; list++)
            {
                var candidates = kept[list] < 0 ? all : fresh;
                if (candidates.Length > 0)
                {
                    Move(_pivots.Lists[list], kept[list], candidates, pivots, changes, moved);
                }
            }
        }

        return new PivotChange(pivots, [.. changes.Keys.Where(_places.ContainsKey)], moved, Place(changes, pivots, all));
    }

    /// <summary>Writer, while there are no readers: makes it so.</summary>
    public void Apply(PivotChange change)
    {
        foreach (var key in change.Gone)
        {
            _places.Remove(key, out var place);
            TakeOut(_lists[place.List], place.Slot);
        }

        foreach (var (key, list, nearness) in change.Moved)
        {
            var (number, slot) = _places[key];
            var from = _lists[number];
            var (block, row) = from.At(slot);
            _places[key] = (list.Number, list.Add(key, block.Row(row), block.Inverse[row], nearness));
            TakeOut(from, slot);
        }

        foreach (var (key, codes, list, nearness) in change.Come)
        {
            var row = MemoryMarshal.Cast<byte, sbyte>(codes.Span);
            _places[key] = (list.Number, list.Add(key, row, PivotSet.InverseLength(row), nearness));
        }

        foreach (var list in _pivots.Lists.Except(change.Pivots.Lists))
        {
            _free.Push(list.Number);
        }

        _pivots = change.Pivots;
    }

    private bool Changes(ItemKey key, ReadOnlyMemory<byte>? codes)
        => _places.ContainsKey(key)
            ? codes is null || !Row(key).SequenceEqual(MemoryMarshal.Cast<byte, sbyte>(codes.Value.Span))
            : codes is not null;

    private PivotSet PivotsAfter(Dictionary<ItemKey, ReadOnlyMemory<byte>?> changes)
    {
        var count = Count;
        foreach (var (key, codes) in changes)
        {
            if (codes is null)
            {
                _lowest.Remove(key);
                count--;
            }
            else if (!_places.ContainsKey(key))
            {
                _lowest.Add(key);
                count++;
            }
        }

        var all = _places.Keys.Where(key => !changes.ContainsKey(key))
            .Concat(changes.Where(item => item.Value is not null).Select(item => item.Key));
        var keys = _lowest.Take(PivotsFor(count), all, count);
        if (keys.SequenceEqual(_pivots.Keys) && !_pivots.Keys.Any(changes.ContainsKey))
        {
            return _pivots;
        }

        var rows = new sbyte[keys.Count * dimensions];
        var lists = new ItemList[keys.Count];
        for (var pivot = 0; pivot < lists.Length; pivot++)
        {
            var key = keys[pivot];
            var codes = changes.TryGetValue(key, out var changed) ? MemoryMarshal.Cast<byte, sbyte>(changed!.Value.Span) : Row(key);
            codes.CopyTo(rows.AsSpan(pivot * dimensions));
            var before = Array.BinarySearch(_pivots.Keys, key);
            // A pivot that has another vector is another pivot.
            lists[pivot] = before >= 0 && _pivots.Row(before).SequenceEqual(codes) ? _pivots.Lists[before] : NewList();
        }

        return new PivotSet(keys, rows, lists, dimensions);
    }

    private ItemList NewList()
    {
        var list = new ItemList(_free.TryPop(out var number) ? number : _lists.Count, dimensions, _spare);
        if (list.Number == _lists.Count)
        {
            _lists.Add(list);
        }
        else
        {
            _lists[list.Number] = list;
        }

        return list;
    }

    // Which items of a list are nearer to other pivots.
    private static void Move(
        ItemList list,
        int kept,
        int[] candidates,
        PivotSet pivots,
        Dictionary<ItemKey, ReadOnlyMemory<byte>?> changes,
        List<(ItemKey Key, ItemList List, float Nearness)> moved)
    {
        Span<int> nearest = stackalloc int[ItemBlock.Rows];
        Span<float> nearness = stackalloc float[ItemBlock.Rows];
        for (var i = 0; i < list.Blocks.Count; i++)
        {
            var (block, rows) = (list.Blocks[i], list.RowsOf(i));
            nearest.Fill(kept);
            nearness.Fill(float.NegativeInfinity);
            if (kept >= 0)
            {
                block.Nearness.CopyTo(nearness);
            }

            pivots.Assign(candidates, block.Codes.AsSpan(0, rows * block.Dimensions), block.Keys.AsSpan(0, rows), nearest, nearness);
            for (var row = 0; row < rows; row++)
            {
                if (nearest[row] != kept && !changes.ContainsKey(block.Keys[row]))
                {
                    moved.Add((block.Keys[row], pivots.Lists[nearest[row]], nearness[row]));
                }
            }
        }
    }

    // The lists of the items that have new vectors.
    private List<(ItemKey Key, ReadOnlyMemory<byte> Codes, ItemList List, float Nearness)> Place(
        Dictionary<ItemKey, ReadOnlyMemory<byte>?> changes, PivotSet pivots, int[] all)
    {
        var come = new List<(ItemKey Key, ReadOnlyMemory<byte> Codes, ItemList List, float Nearness)>();
        var rows = new sbyte[ItemBlock.Rows * dimensions];
        Span<int> nearest = stackalloc int[ItemBlock.Rows];
        Span<float> nearness = stackalloc float[ItemBlock.Rows];
        foreach (var items in changes.Where(item => item.Value is not null).Chunk(ItemBlock.Rows))
        {
            for (var row = 0; row < items.Length; row++)
            {
                MemoryMarshal.Cast<byte, sbyte>(items[row].Value!.Value.Span).CopyTo(rows.AsSpan(row * dimensions));
            }

            nearest.Fill(-1);
            nearness.Fill(float.NegativeInfinity);
            ItemKey[] keys = [.. items.Select(item => item.Key)];
            pivots.Assign(all, rows.AsSpan(0, items.Length * dimensions), keys, nearest, nearness);
            for (var row = 0; row < items.Length; row++)
            {
                come.Add((keys[row], items[row].Value!.Value, pivots.Lists[nearest[row]], nearness[row]));
            }
        }

        return come;
    }

    private void TakeOut(ItemList list, int slot)
    {
        var last = list.RemoveAt(slot);
        if (slot < list.Count)
        {
            _places[last] = (list.Number, slot);
        }
    }

    private ReadOnlySpan<sbyte> Row(ItemKey key)
    {
        var (list, slot) = _places[key];
        var (block, row) = _lists[list].At(slot);
        return block.Row(row);
    }
}
