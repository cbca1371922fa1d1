using System.Numerics.Tensors;
using Strata.Contracts.State.V1;
using Strata.Numerics;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Users.Core;

namespace Strata.Ranking.Candidates.Affinities;

/// <summary>
/// How near the items' texts are to the user's. Up to <see cref="IndexOptions.ExactScanItems"/> rows of the store every item is compared:
/// its number is its row. Above, only the items of the user's and their queries' nearest layers are, each with what the user has in that
/// layer, and single items on demand.
/// </summary>
public sealed class TextScores
{
    /// <summary>Items that "nearest" looks at.</summary>
    public const int NearestItems = 20;

    /// <summary>Items that "recent text" looks at.</summary>
    public const int RecentItems = 8;

    private const double LayerExponent = 0.3;

    private readonly SparseScores _numbers = new();
    private readonly OwnVectors _own = new();
    private CatalogueView? _view;
    private bool _exact;

    // The queries have been compared with the items of the layers: what comes later is one more.
    private bool _searched;
    private float[] _group = [];

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

        return _numbers.NumberOf(item) is >= 0 and var number ? number : Compare(item, row);
    }

    /// <summary>Compares the catalogue with a user.</summary>
    public void Scan(CatalogueView view, UserHistory history, Profile? profile, long nowMs, int exactScanItems)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(history);
        _view = view;
        _numbers.Clear();
        var rows = view.Vectors.Rows;
        _exact = rows <= exactScanItems;
        Count = _exact ? rows : 0;
        _searched = false;
        Queries.Centre(view, profile, nowMs);
        if (_exact)
        {
            Reserve(rows);
            ScanAll(view, history, rows);
        }
        else
        {
            ScanLayers(view, history, exactScanItems);
        }
    }

    private void ScanAll(CatalogueView view, UserHistory history, int rows)
    {
        var recent = Recent.AsSpan(0, rows);
        var centroid = Centroid.AsSpan(0, rows);
        var layers = Layers.AsSpan(0, rows);
        var nearest = Nearest.AsSpan(0, rows);
        var search = Search.AsSpan(0, rows);
        var group = _group.AsSpan(0, rows);
        Span<int> own = stackalloc int[UserHistory.Capacity];
        var owned = 0;
        for (var k = 0; k < history.Count; k++)
        {
            if (view.Vectors.RowOf(history.Items[k]) is >= 0 and var row && row < rows)
            {
                own[owned++] = row;
            }
        }

        view.Vectors.Prepare(own[..owned], rows);
        for (var k = 0; k < Math.Min(NearestItems, history.Count); k++)
        {
            if (view.Vectors.RowOf(history.Items[k]) is >= 0 and var row && row < rows)
            {
                var cosines = view.Vectors.Similarities(row, rows);
                TensorPrimitives.Max(nearest, cosines, nearest);
                if (k == 0)
                {
                    cosines.CopyTo(Last);
                }

                if (k < RecentItems)
                {
                    VectorMath.AddScaled(recent, cosines, (float)history.ShortWeights[k]);
                }
            }
        }

        Normalise(view, history, recent, RecentItems, history.ShortWeights);
        for (var g = 0; g < Math.Min(UserHistory.MaxLayers, history.UserSlots.Count); g++)
        {
            var slot = history.UserSlots[g];
            group.Clear();
            var norm = 0.0;
            for (var k = 0; k < history.Count; k++)
            {
                if (history.Slots[k] == slot && view.Vectors.RowOf(history.Items[k]) is >= 0 and var row && row < rows)
                {
                    var cosines = view.Vectors.Similarities(row, rows);
                    VectorMath.AddScaled(group, cosines, (float)history.LayerWeights[k]);
                    VectorMath.AddScaled(centroid, cosines, (float)history.LongWeights[k]);
                }
            }

            for (var k = 0; k < history.Count; k++)
            {
                if (history.Slots[k] == slot && view.Vectors.RowOf(history.Items[k]) is >= 0 and var row && row < rows)
                {
                    norm += history.LayerWeights[k] * group[row];
                }
            }

            var scale = Math.Pow(history.RecencyShare(slot), LayerExponent) / Math.Sqrt(Math.Max(norm, 1e-12));
            TensorPrimitives.Multiply(group, (float)scale, group);
            TensorPrimitives.Max(layers, group, layers);
        }

        Normalise(view, history, centroid, history.Count, history.LongWeights);
        Queries.ScoreAll(view, search);
    }

    // A sum of cosines to weighted items becomes the cosine to the weighted sum of the items: divided by that sum's length.
    private static void Normalise(CatalogueView view, UserHistory history, Span<float> scores, int items, ReadOnlySpan<double> weights)
    {
        var norm = 0.0;
        for (var k = 0; k < Math.Min(items, history.Count); k++)
        {
            if (view.Vectors.RowOf(history.Items[k]) is >= 0 and var row && row < scores.Length)
            {
                norm += weights[k] * scores[row];
            }
        }

        TensorPrimitives.Multiply(scores, (float)(1 / Math.Sqrt(Math.Max(norm, 1e-9))), scores);
    }

    private void ScanLayers(CatalogueView view, UserHistory history, int budget)
    {
        _own.AddUp(view, history, LayerExponent);
        var slots = Queries.AnsweredIn(view);
        slots.AddRange(
            history.UserSlots.OrderByDescending(slot => history.LongShare(slot) + history.ShortShare(slot)).Take(UserHistory.MaxLayers));
        foreach (var slot in slots.Distinct())
        {
            foreach (var item in view.Assignment.ItemsBySlot is { } lists && slot < view.Layers.Count ? lists[slot] : [])
            {
                if (Count < budget && !_numbers.Contains(item) && view.Vectors.RowOf(item) is >= 0 and var row)
                {
                    Compare(item, row);
                }
            }
        }

        Queries.ScoreSome(view, ItemAt, Search.AsSpan(0, Count));
        _searched = true;
    }

    private int Compare(int item, int row)
    {
        var (view, number) = (_view!, Count);
        _numbers.Add(item, number);
        Reserve(++Count);
        var vector = view.Vectors.Vector(row);
        (Recent[number], Centroid[number], Layers[number], Nearest[number], Last[number])
            = _own.Compare(vector, view.Assignment.SlotOf(item));
        Search[number] = _searched ? Queries.Compare(view, row) : 0;
        return number;
    }

    private void Reserve(int count)
    {
        if (count > Recent.Length)
        {
            var size = Math.Max(1024, Math.Max(count, Recent.Length * 2));
            (Recent, Centroid, Layers) = (Larger(Recent, size), Larger(Centroid, size), Larger(Layers, size));
            (Nearest, Search, Last) = (Larger(Nearest, size), Larger(Search, size), Larger(Last, size));
            _group = new float[Math.Max(size, _view!.Vectors.Dimension)];
        }

        if (_exact)
        {
            foreach (var scores in (ReadOnlySpan<float[]>)[Recent, Centroid, Layers, Nearest, Search, Last])
            {
                scores.AsSpan(0, count).Clear();
            }
        }
    }

    private static float[] Larger(float[] old, int size)
    {
        var larger = new float[size];
        old.CopyTo(larger, 0);
        return larger;
    }
}
