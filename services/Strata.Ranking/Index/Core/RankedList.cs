namespace Strata.Ranking.Index.Core;

/// <summary>
/// Items by a key, largest first, immutable. It holds all items with a key, or the first ones of them: then every item that it lacks has
/// a key below the last one's. Equal keys stand by item index, so that the order does not tell in which batches changes arrived.
/// </summary>
public sealed class RankedList
{
    private readonly int[] _items;
    private readonly double[] _keys;

    // No item outside the list has a key above this one; −∞ while nothing was ever cut off.
    private readonly double _floor;

    private RankedList(int[] items, double[] keys, double floor)
    {
        _items = items;
        _keys = keys;
        _floor = floor;
    }

    /// <summary>The list without items.</summary>
    public static RankedList Empty { get; } = new([], [], double.NegativeInfinity);

    /// <summary>Items, largest key first.</summary>
    public ReadOnlySpan<int> Items => _items;

    /// <summary>Their keys.</summary>
    public ReadOnlySpan<double> Keys => _keys;

    /// <summary>
    /// The first <paramref name="capacity"/> of <paramref name="count"/> items; a key of −∞ means that the item has no place.
    /// </summary>
    public static RankedList Build(int count, Func<int, double> keyOf, int capacity)
    {
        ArgumentNullException.ThrowIfNull(keyOf);
        var items = new List<int>();
        for (var i = 0; i < count; i++)
        {
            if (keyOf(i) > double.NegativeInfinity)
            {
                items.Add(i);
            }
        }

        return Merge(Empty, [.. items], new HashSet<int>(), keyOf, capacity)!;
    }

    /// <summary>
    /// This list after the keys of <paramref name="changed"/> (distinct) have moved. Null when too many of the list's items sank below
    /// what was cut off, so that only <see cref="Build"/> knows who stands there now.
    /// </summary>
    public RankedList? With(IReadOnlySet<int> changed, Func<int, double> keyOf, int capacity)
    {
        ArgumentNullException.ThrowIfNull(changed);
        ArgumentNullException.ThrowIfNull(keyOf);
        var moved = new int[changed.Count];
        var n = 0;
        foreach (var item in changed)
        {
            if (keyOf(item) > double.NegativeInfinity)
            {
                moved[n++] = item;
            }
        }

        return Merge(this, moved.AsSpan(0, n).ToArray(), changed, keyOf, capacity);
    }

    private static RankedList? Merge(RankedList old, int[] moved, IReadOnlySet<int> changed, Func<int, double> keyOf, int capacity)
    {
        var keys = new double[moved.Length];
        for (var i = 0; i < moved.Length; i++)
        {
            // Negated: Array.Sort is ascending.
            keys[i] = -keyOf(moved[i]);
        }

        Array.Sort(keys, moved);
        OrderEquals(keys, moved);
        var total = Math.Min(capacity, old._items.Length + moved.Length);
        var items = new int[total];
        var itemKeys = new double[total];
        var (n, a, b, floor) = (0, 0, 0, old._floor);
        while (true)
        {
            while (a < old._items.Length && changed.Contains(old._items[a]))
            {
                a++;
            }

            var fromOld = a < old._items.Length
                && (b >= moved.Length || old._keys[a] > -keys[b] || (old._keys[a] == -keys[b] && old._items[a] < moved[b]));
            if (!fromOld && b >= moved.Length)
            {
                break;
            }

            var key = fromOld ? old._keys[a] : -keys[b];
            if (n == total || key < floor)
            {
                floor = Math.Max(floor, key);
                break;
            }

            items[n] = fromOld ? old._items[a++] : moved[b++];
            itemKeys[n++] = key;
        }

        if (floor > double.NegativeInfinity && n < capacity / 2)
        {
            return null;
        }

        return new RankedList(items.AsSpan(0, n).ToArray(), itemKeys.AsSpan(0, n).ToArray(), floor);
    }

    private static void OrderEquals(double[] keys, int[] items)
    {
        for (var from = 0; from < keys.Length;)
        {
            var to = from + 1;
            while (to < keys.Length && keys[to] == keys[from])
            {
                to++;
            }

            items.AsSpan(from, to - from).Sort();
            from = to;
        }
    }
}
