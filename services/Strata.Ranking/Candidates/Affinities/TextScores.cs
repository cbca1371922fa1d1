using System.Numerics.Tensors;
using Strata.Contracts.State.V1;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Users.Core;

namespace Strata.Ranking.Candidates.Affinities;

/// <summary>
/// How near the items' texts are to the user's. In a small catalogue every item is compared: its number is its row. In a larger one
/// (<see cref="IndexOptions.ExactScanItems"/>, <see cref="IndexOptions.MostScanItems"/>) only the items of the user's and their queries'
/// nearest layers are, and single items on demand.
/// </summary>
public sealed class TextScores
{
    /// <summary>Items that "nearest" looks at.</summary>
    public const int NearestItems = 20;

    /// <summary>Items that "recent text" looks at.</summary>
    public const int RecentItems = 8;

    private const double LayerExponent = 0.3;

    private const int BlockRows = 64;

    private readonly SparseScores _numbers = new();
    private readonly OwnVectors _own = new();
    private CatalogueView? _view;
    private bool _exact;

    // The queries have been compared with what was taken: what comes later is one more.
    private bool _searched;
    private int[] _rows = [];
    private float[] _products = [];

    /// <summary>Items compared; their scores stand in the arrays below this number.</summary>
    public int Count { get; private set; }

    /// <summary>Cosine to Σ 0.7^k · item k over the last 8.</summary>
    public float[] Recent { get; private set; } = [];

    /// <summary>Cosine to the long-weighted sum of all items.</summary>
    public float[] Centroid { get; private set; } = [];

    /// <summary>Largest share^0.3 · cosine over the user's layers, newer items counting more in both; 0 at least.</summary>
    public float[] Layers { get; private set; } = [];

    /// <summary>Largest cosine to one of the last 20 items, 0 at least.</summary>
    public float[] Nearest { get; private set; } = [];

    /// <summary>Largest 0.7^k · score by query k of the last day (<see cref="QueryMatch"/>), 0 at least.</summary>
    public float[] Search { get; private set; } = [];

    /// <summary>Cosine to the last item.</summary>
    public float[] Last { get; private set; } = [];

    /// <summary>The user's last act is a query that something answers.</summary>
    public bool Searching => Queries.LastAct;

    internal QueryVectors Queries { get; } = new();

    /// <summary>Item by its number; −1: superseded.</summary>
    public int ItemAt(int number) => _exact ? _view!.Vectors.ItemOf(number) : _numbers.ItemAt(number);

    /// <summary>Number of an item, which is compared now if it was not scanned; −1: it has no vector.</summary>
    public int NumberOf(int item)
    {
        var row = _view!.Vectors.RowOf(item);
        if (_exact || row < 0)
        {
            return row < Count ? row : -1;
        }

        if (!_numbers.Contains(item))
        {
            Compare([item]);
        }

        return _numbers.NumberOf(item);
    }

    /// <summary>Compares those of some items that were not scanned, all at once: their numbers are there when they are asked for.</summary>
    public void Compare(ReadOnlySpan<int> items)
    {
        var first = Count;
        foreach (var item in items)
        {
            if (!_exact && _view!.Vectors.RowOf(item) is >= 0 and var row)
            {
                Take(item, row);
            }
        }

        CompareFrom(first);
        for (var number = first; _searched && Queries.Count > 0 && number < Count; number++)
        {
            Search[number] = Queries.Compare(_view!, _rows[number]);
        }
    }

    /// <summary>Compares the catalogue with a user.</summary>
    public void Scan(CatalogueView view, UserHistory history, Profile? profile, long nowMs, IndexOptions limits)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(limits);
        _view = view;
        _numbers.Clear();
        (Count, _searched) = (0, false);
        Queries.Centre(view, profile, nowMs);
        _exact = view.Vectors.Rows <= (Queries.Count > 0 ? limits.MostScanItems : limits.ExactScanItems);
        _own.AddUp(view, history, LayerExponent);
        if (_exact)
        {
            Reserve(view.Vectors.Rows);
            for (; Count < view.Vectors.Rows; Count++)
            {
                _rows[Count] = Count;
            }
        }
        else
        {
            TakeLayers(view, history, limits.MostScanItems);
        }

        CompareFrom(0);
        Queries.Score(view, _rows.AsSpan(0, Count), Search.AsSpan(0, Count));
        _searched = true;
    }

    private void TakeLayers(CatalogueView view, UserHistory history, int budget)
    {
        var slots = Queries.AnsweredIn(view);
        slots.AddRange(
            history.UserSlots.OrderByDescending(slot => history.LongShare(slot) + history.ShortShare(slot)).Take(UserHistory.MaxLayers));
        foreach (var slot in slots.Distinct())
        {
            foreach (var item in view.Assignment.ItemsBySlot is { } lists && slot < view.Layers.Count ? lists[slot] : [])
            {
                if (Count < budget && view.Vectors.RowOf(item) is >= 0 and var row)
                {
                    Take(item, row);
                }
            }
        }
    }

    // Unless it was taken before.
    private void Take(int item, int row)
    {
        if (_numbers.TryAdd(item, Count))
        {
            Reserve(Count + 1);
            _rows[Count++] = row;
        }
    }

    // The user's vectors against the rows taken, so many at once that the products stay in the nearest cache.
    private void CompareFrom(int number)
    {
        var vectors = _own.Vectors;
        foreach (var scores in (ReadOnlySpan<float[]>)[Recent, Centroid, Layers, Nearest, Search, Last])
        {
            scores.AsSpan(number, Count - number).Clear();
        }

        if (_products.Length < vectors.Count * BlockRows)
        {
            _products = new float[vectors.Count * BlockRows];
        }

        for (var from = number; vectors.Count > 0 && from < Count; from += BlockRows)
        {
            var count = Math.Min(BlockRows, Count - from);
            _view!.Vectors.Compare(vectors, _rows.AsSpan(from, count), _products);
            Products(OwnVectors.Recent).CopyTo(Recent.AsSpan(from));
            Products(OwnVectors.Centroid).CopyTo(Centroid.AsSpan(from));
            Largest(_own.Groups, Layers.AsSpan(from, count));
            Largest(_own.Items, Nearest.AsSpan(from, count));
            if (_own.HasLast)
            {
                Products(_own.Items.Start.Value).CopyTo(Last.AsSpan(from));
            }

            Span<float> Products(int vector) => _products.AsSpan(vector * count, count);

            void Largest(Range numbers, Span<float> largest)
            {
                for (var vector = numbers.Start.Value; vector < numbers.End.Value; vector++)
                {
                    TensorPrimitives.Max(largest, Products(vector), largest);
                }
            }
        }
    }

    private void Reserve(int count)
    {
        if (count > _rows.Length)
        {
            var size = Math.Max(1024, Math.Max(count, _rows.Length * 2));
            (Recent, Centroid, Layers) = (Larger(Recent, size), Larger(Centroid, size), Larger(Layers, size));
            (Nearest, Search, Last) = (Larger(Nearest, size), Larger(Search, size), Larger(Last, size));
            Array.Resize(ref _rows, size);
        }
    }

    private static float[] Larger(float[] old, int size)
    {
        var larger = new float[size];
        old.CopyTo(larger, 0);
        return larger;
    }
}
