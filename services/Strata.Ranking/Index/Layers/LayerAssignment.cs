using System.Numerics.Tensors;
using Strata.Numerics;
using Strata.Ranking.Index.Items;
using Strata.Ranking.Index.Vectors;

namespace Strata.Ranking.Index.Layers;

/// <summary>
/// Which layer every item belongs to (the nearest one), and each layer's Σ p_7d over its alive items. Belongs to one
/// <see cref="LayerView"/>. One writer; what it freezes never changes.
/// </summary>
public sealed class LayerAssignment
{
    // A layer that moved less than this cosine distance has not moved for the items around it.
    private const float Still = 1e-4f;

    // The reference time of the sums moves on before 2^(elapsed half-lives) comes near the range of a double.
    private const double MaxHalvings = 400;

    // Items multiplied with all centroids at once.
    private const int BlockRows = 256;

    private readonly LayerView _layers;

    // −1: not assigned, which reads as "no layer".
    private readonly Column<int> _slotOfItem;
    private Mass _mass;

    // What each item has added to the sums, at their reference time, and where.
    private double[] _share;
    private int[] _shareSlot;

    /// <summary>An assignment of no item.</summary>
    public LayerAssignment(LayerView layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        _layers = layers;
        _slotOfItem = new(-1);
        _share = [];
        _shareSlot = [];
        _mass = new Mass(new double[layers.Count + 1], 0);
    }

    private LayerAssignment(LayerAssignment written)
    {
        _layers = written._layers;
        _slotOfItem = written._slotOfItem.Freeze();
        _mass = written._mass with { Sums = [.. written._mass.Sums] };
        (_share, _shareSlot) = ([], []);
        ItemsBySlot = written.ItemsBySlot;
    }

    /// <summary>Items by slot; null until <see cref="ListItems"/> was called.</summary>
    internal int[][]? ItemsBySlot { get; private set; }

    public int SlotOf(int item) => item >= 0 && _slotOfItem[item] is >= 0 and var slot ? slot : _layers.Count;

    /// <summary>
    /// p_7d of the item over Σ p_7d of its layer, 0 to 1. The same at every later time as long as nothing happens, so it is computed at
    /// the reference time.
    /// </summary>
    public double PopularityShare(int item, ItemActivities activity)
    {
        ArgumentNullException.ThrowIfNull(activity);
        var sum = _mass.Sums[SlotOf(item)];
        return sum > 0 ? Math.Min(1, At(activity, _mass.ReferenceMs) / sum) : 0;
    }

    /// <summary>
    /// Writer: assigns all items of <paramref name="vectors"/>. What <paramref name="old"/> knew is used: an item is compared with all
    /// layers when its own moved or is gone, else with the moved ones only; when many moved, with all of them at once.
    /// </summary>
    internal static LayerAssignment Assign(LayerView layers, VectorStore vectors, LayerView oldLayers, LayerAssignment? old)
    {
        var assignment = new LayerAssignment(layers);
        var moved = new List<int>();
        var still = new int[oldLayers.Count + 1];
        Array.Fill(still, -1);
        for (var slot = 0; slot < layers.Count; slot++)
        {
            var before = old is null || oldLayers.Dimension != layers.Dimension ? -1 : oldLayers.SlotOf(layers.IdOf(slot));
            if (before >= 0 && TensorPrimitives.Dot(layers.Centroid(slot), oldLayers.Centroid(before)) > 1 - Still)
            {
                still[before] = slot;
            }
            else
            {
                moved.Add(slot);
            }
        }

        if (moved.Count * 4 > layers.Count)
        {
            assignment.AssignAll(vectors);
            return assignment;
        }

        for (var row = 0; row < vectors.Rows; row++)
        {
            if (vectors.ItemOf(row) is >= 0 and var item)
            {
                var own = still[old!.SlotOf(item)];
                assignment.Set(item, own < 0 ? layers.Nearest(vectors.Vector(row)) : NearestOf(layers, vectors.Vector(row), own, moved));
            }
        }

        return assignment;
    }

    /// <summary>Writer: the assignment as it is now, for good.</summary>
    internal LayerAssignment Freeze() => new(this);

    internal void Set(int item, int slot) => _slotOfItem.Set(item, slot);

    /// <summary>
    /// Writer: an item's activity, layer or life has changed; <paramref name="activity"/> is null for an item that is not alive.
    /// </summary>
    internal void Count(int item, ItemActivities? activity, ItemArrays items, int count)
    {
        if (item >= _share.Length)
        {
            Array.Resize(ref _share, Math.Max(1024, Math.Max(item + 1, _share.Length * 2)));
            Array.Resize(ref _shareSlot, _share.Length);
        }

        if (activity is not null && (activity.AsOfMs - _mass.ReferenceMs) * HalfLives.PopularityRates[HalfLives.Week] > MaxHalvings)
        {
            CountAll(items, count, activity.AsOfMs);
        }

        var sums = _mass.Sums;
        sums[_shareSlot[item]] = Math.Max(0, sums[_shareSlot[item]] - _share[item]);
        _shareSlot[item] = SlotOf(item);
        _share[item] = activity is null ? 0 : At(activity, _mass.ReferenceMs);
        sums[_shareSlot[item]] += _share[item];
    }

    /// <summary>Writer: sums anew over all items, as of a new reference time.</summary>
    internal void CountAll(ItemArrays items, int count, long referenceMs)
    {
        var mass = new Mass(new double[_layers.Count + 1], referenceMs);
        _share = new double[Math.Max(count, _share.Length)];
        _shareSlot = new int[_share.Length];
        for (var item = 0; item < count; item++)
        {
            _shareSlot[item] = SlotOf(item);
            _share[item] = items.Features[item] is null ? 0 : At(items.Activity[item], referenceMs);
            mass.Sums[_shareSlot[item]] += _share[item];
        }

        _mass = mass;
    }

    /// <summary>Writer: lists the items of every slot, for catalogues too large to be scanned whole.</summary>
    internal void ListItems(VectorStore vectors)
    {
        var lists = new List<int>[_layers.Count + 1];
        for (var slot = 0; slot < lists.Length; slot++)
        {
            lists[slot] = [];
        }

        for (var row = 0; row < vectors.Rows; row++)
        {
            if (vectors.ItemOf(row) is >= 0 and var item)
            {
                lists[SlotOf(item)].Add(item);
            }
        }

        ItemsBySlot = [.. lists.Select(list => list.ToArray())];
    }

    private void AssignAll(VectorStore vectors)
    {
        if (_layers.Count == 0 || vectors.Dimension != _layers.Dimension)
        {
            return;
        }

        var centroids = new PanelMatrix(_layers.Centroids, _layers.Dimension);
        var products = new float[BlockRows * centroids.Stride];
        for (var from = 0; from < vectors.Rows; from += BlockRows)
        {
            var count = Math.Min(BlockRows, vectors.Rows - from);
            centroids.Multiply(vectors.Block(from, count), products);
            for (var i = 0; i < count; i++)
            {
                if (vectors.ItemOf(from + i) is >= 0 and var item)
                {
                    Set(item, TensorPrimitives.IndexOfMax(products.AsSpan(i * centroids.Stride, _layers.Count)));
                }
            }
        }
    }

    private static int NearestOf(LayerView layers, ReadOnlySpan<float> vector, int own, List<int> others)
    {
        var (best, bestCosine) = (own, TensorPrimitives.Dot(vector, layers.Centroid(own)));
        foreach (var slot in others)
        {
            var cosine = TensorPrimitives.Dot(vector, layers.Centroid(slot));
            if (cosine > bestCosine)
            {
                (best, bestCosine) = (slot, cosine);
            }
        }

        return best;
    }

    private static double At(ItemActivities activity, long referenceMs)
        => double.Exp2(activity.PopularityKey(HalfLives.Week) - (referenceMs * HalfLives.PopularityRates[HalfLives.Week]));

    private sealed record Mass(double[] Sums, long ReferenceMs);
}
