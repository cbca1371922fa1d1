using System.Numerics.Tensors;
using Strata.Ranking.Index.Items;
using Strata.Ranking.Index.Vectors;

namespace Strata.Ranking.Index.Layers;

/// <summary>
/// Which layer every item belongs to (the nearest one), and each layer's Σ p_7d over its alive items. Belongs to one
/// <see cref="LayerView"/>. One writer; what it freezes never changes.
/// </summary>
public sealed class LayerAssignment
{
    // A lead that rounding alone may have made: products of unit vectors are exact to some 1e-6.
    private const float Rounding = 1e-4f;

    // The reference time of the sums moves on before 2^(elapsed half-lives) comes near the range of a double.
    private const double MaxHalvings = 400;

    // Items multiplied with all centroids at once.
    private const int BlockRows = 256;

    private readonly LayerView _layers;

    // −1: not assigned, which reads as "no layer".
    private readonly Column<int> _slotOfItem;
    private Mass _mass;

    // By how much each item's layer was nearer than the next best when they were compared, less all drifts since.
    private float[] _leads = [];

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

    /// <summary>The same of all items, whatever their layers.</summary>
    internal double PopularityShareOfAll(int item, ItemActivities activity)
    {
        var sum = TensorPrimitives.Sum<double>(_mass.Sums);
        return item >= 0 && sum > 0 ? Math.Min(1, At(activity, _mass.ReferenceMs) / sum) : 0;
    }

    /// <summary>
    /// Writer: assigns all items of <paramref name="vectors"/>, each to the nearest layer, whatever was known before: two processes at the
    /// same versions agree, however long they have run. What <paramref name="old"/> knew only spares products. By how much an item's layer
    /// was nearer than the next best bounds what drifts since then can have changed: |x·c' − x·c| ≤ ‖c' − c‖ for a unit vector x (Hamerly
    /// 2010). Only where that is used up is an item compared again. A layer that was born is compared with all.
    /// </summary>
    internal static LayerAssignment Assign(LayerView layers, VectorStore vectors, LayerView oldLayers, LayerAssignment? old)
    {
        var assignment = new LayerAssignment(layers);
        if (layers.Count == 0 || vectors.Dimension != layers.Dimension)
        {
            return assignment;
        }

        var drifts = old is null || oldLayers.Dimension != layers.Dimension ? null : Drifts(layers, oldLayers);
        var again = new List<int>();
        for (var row = 0; row < vectors.Rows; row++)
        {
            if (vectors.ItemOf(row) is >= 0 and var item && !(drifts is { } known && assignment.Stays(item, old!, known)))
            {
                again.Add(row);
            }
        }

        assignment.Compare(vectors, again);
        return assignment;
    }

    /// <summary>Writer: the assignment as it is now, for good.</summary>
    internal LayerAssignment Freeze() => new(this);

    /// <summary>Writer: assigns one item by its row; none for one without, −1.</summary>
    internal void Place(int item, VectorStore vectors, int row)
    {
        var (slot, lead) = _layers.NearestWithLead(row < 0 ? [] : vectors.Vector(row));
        Set(item, slot, lead);
    }

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
            _share[item] = items.IsListed(item) ? At(items.Activity[item], referenceMs) : 0;
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

    // For every old slot: its slot now, −1 when it is gone, and how far it moved; and the farthest that any moved. Null: a layer was born.
    private static (int[] Slots, double[] Moved, double Farthest)? Drifts(LayerView layers, LayerView oldLayers)
    {
        var slots = new int[oldLayers.Count + 1];
        var moved = new double[slots.Length];
        slots[^1] = -1;
        var (farthest, survivors) = (0.0, 0);
        for (var slot = 0; slot < oldLayers.Count; slot++)
        {
            slots[slot] = layers.SlotOf(oldLayers.IdOf(slot));
            if (slots[slot] >= 0)
            {
                moved[slot] = TensorPrimitives.Distance(layers.Centroid(slots[slot]), oldLayers.Centroid(slot));
                farthest = Math.Max(farthest, moved[slot]);
                survivors++;
            }
        }

        return survivors == layers.Count ? (slots, moved, farthest) : null;
    }

    private bool Stays(int item, LayerAssignment old, (int[] Slots, double[] Moved, double Farthest) drifts)
    {
        var before = old.SlotOf(item);
        var lead = item < old._leads.Length ? old._leads[item] - (float)(drifts.Moved[before] + drifts.Farthest) : 0;
        if (drifts.Slots[before] < 0 || !(lead > Rounding))
        {
            return false;
        }

        Set(item, drifts.Slots[before], lead);
        return true;
    }

    private void Compare(VectorStore vectors, List<int> rows)
    {
        var products = new float[BlockRows * _layers.Panels.Stride];
        var block = new float[BlockRows * _layers.Dimension];
        for (var from = 0; from < rows.Count; from += BlockRows)
        {
            var count = Math.Min(BlockRows, rows.Count - from);
            for (var i = 0; i < count; i++)
            {
                vectors.Decode(rows[from + i], block.AsSpan(i * _layers.Dimension, _layers.Dimension));
            }

            _layers.Panels.Multiply(block.AsSpan(0, count * _layers.Dimension), products);
            for (var i = 0; i < count; i++)
            {
                var (slot, lead) = LayerView.BestOf(products.AsSpan(i * _layers.Panels.Stride, _layers.Count));
                Set(vectors.ItemOf(rows[from + i]), slot, lead);
            }
        }
    }

    private void Set(int item, int slot, float lead)
    {
        if (item >= _leads.Length)
        {
            Array.Resize(ref _leads, Math.Max(1024, Math.Max(item + 1, _leads.Length * 2)));
        }

        _slotOfItem.Set(item, slot);
        _leads[item] = lead;
    }

    private static double At(ItemActivities activity, long referenceMs)
        => double.Exp2(activity.PopularityKey(HalfLives.Week) - (referenceMs * HalfLives.PopularityRates[HalfLives.Week]));

    private sealed record Mass(double[] Sums, long ReferenceMs);
}
