using Strata.Contracts.Events.V1;
using Strata.Contracts.State.V1;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Index.Items;

namespace Strata.Ranking.Users.Core;

/// <summary>
/// The user's items as indexes, newest first, with their weights. Dismissed and forgotten items are left out: they say nothing about what
/// the user wants and are only kept off the slate. Items that the catalogue no longer knows keep their rank in the order.
/// </summary>
public sealed class UserHistory
{
    /// <summary>Items looked at, at most.</summary>
    public const int Capacity = 64;

    /// <summary>Layers of a user, at most.</summary>
    public const int MaxLayers = 16;

    private const double ShortDiscount = 0.7;

    // How much older items count less: among all of the user's, and once more among those of one layer.
    private const double LayerDiscount = 0.9;
    private const double InLayerDiscount = 0.7;

    private readonly int[] _items = new int[Capacity];
    private readonly long[] _lastMs = new long[Capacity];
    private readonly double[] _ownCounts = new double[Capacity];
    private readonly double[] _longWeights = new double[Capacity];
    private readonly double[] _shortWeights = new double[Capacity];
    private readonly double[] _layerWeights = new double[Capacity];
    private readonly int[] _slotOfItem = new int[Capacity];
    private readonly List<int> _slots = [];
    private double[] _long = [];
    private double[] _short = [];
    private double[] _recency = [];
    private int[] _inLayer = [];

    public int Count { get; private set; }

    /// <summary>Item indexes; −1: unknown to the catalogue.</summary>
    public ReadOnlySpan<int> Items => _items.AsSpan(0, Count);

    /// <summary>When each was last touched, Unix milliseconds.</summary>
    public ReadOnlySpan<long> LastMs => _lastMs.AsSpan(0, Count);

    /// <summary>Own decayed count, half-life 60 d, as of the request.</summary>
    public ReadOnlySpan<double> OwnCounts => _ownCounts.AsSpan(0, Count);

    /// <summary>2^(−age / 30 d) + 1e-6, divided by the sum over all items.</summary>
    public ReadOnlySpan<double> LongWeights => _longWeights.AsSpan(0, Count);

    /// <summary>0.7^k.</summary>
    public ReadOnlySpan<double> ShortWeights => _shortWeights.AsSpan(0, Count);

    /// <summary>Weight of each item in its layer's direction: the long weight · 0.9^k · 0.7^(newer items of the layer).</summary>
    public ReadOnlySpan<double> LayerWeights => _layerWeights.AsSpan(0, Count);

    /// <summary>Slot of each item's layer.</summary>
    public ReadOnlySpan<int> Slots => _slotOfItem.AsSpan(0, Count);

    /// <summary>Slots that the items lie in, newest first.</summary>
    public IReadOnlyList<int> UserSlots => _slots;

    /// <summary>
    /// The user's last act, Unix milliseconds; <see cref="long.MaxValue"/> for a new user, so that nothing came after it.
    /// </summary>
    public long LastEventMs { get; private set; }

    /// <summary>Milliseconds since the user's last act; <see cref="double.PositiveInfinity"/> for a new user.</summary>
    public double IdleMs { get; private set; }

    /// <summary>Share of the long weights that lies in a slot, 0 to 1.</summary>
    public double LongShare(int slot) => _long[slot];

    /// <summary>Share of the short weights that lies in a slot, 0 to 1.</summary>
    public double ShortShare(int slot) => _short[slot];

    /// <summary>
    /// Share of the long weights · 0.9^k that lies in a slot, 0 to 1: how much the user is in a layer now, without forgetting where they
    /// were.
    /// </summary>
    public double RecencyShare(int slot) => _recency[slot];

    /// <summary>True when the profile's item was dismissed.</summary>
    public static bool Dismissed(ProfileItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return (item.Kinds & (1u << (int)EventKind.Dismiss)) != 0;
    }

    /// <summary>Resolves a user's items against the catalogue, and weighs them.</summary>
    public void Resolve(CatalogueView view, Profile? profile, long nowMs)
    {
        ArgumentNullException.ThrowIfNull(view);
        Count = 0;
        foreach (var item in profile?.Items ?? [])
        {
            if (Count < Capacity && !Dismissed(item) && !item.Forgotten)
            {
                _items[Count] = view.IndexOf(item.ItemId);
                _lastMs[Count] = item.LastUnixMs;
                _ownCounts[Count] = item.Count * HalfLives.Factor(nowMs - item.LastUnixMs, HalfLives.TransitionRate);
                Count++;
            }
        }

        var last = Math.Max(profile?.LastEventUnixMs ?? 0, Count > 0 ? _lastMs[0] : 0);
        LastEventMs = last > 0 ? last : long.MaxValue;
        IdleMs = last > 0 ? Math.Max(0, nowMs - last) : double.PositiveInfinity;
        Weigh(view, nowMs);
    }

    private void Weigh(CatalogueView view, long nowMs)
    {
        var (total, shortTotal, discount) = (0.0, 0.0, 1.0);
        for (var k = 0; k < Count; k++)
        {
            _longWeights[k] = HalfLives.Factor(nowMs - _lastMs[k], HalfLives.LongRate) + 1e-6;
            _shortWeights[k] = discount;
            total += _longWeights[k];
            shortTotal += discount;
            discount *= ShortDiscount;
        }

        if (_long.Length <= view.Layers.Count)
        {
            _long = new double[view.Layers.Count + 1];
            _short = new double[view.Layers.Count + 1];
            _recency = new double[view.Layers.Count + 1];
            _inLayer = new int[view.Layers.Count + 1];
        }

        Array.Clear(_long);
        Array.Clear(_short);
        Array.Clear(_recency);
        Array.Clear(_inLayer);
        _slots.Clear();
        var (recency, recencyTotal) = (1.0, 0.0);
        for (var k = 0; k < Count; k++)
        {
            _longWeights[k] /= total;
            _slotOfItem[k] = view.Assignment.SlotOf(_items[k]);
            if (!_slots.Contains(_slotOfItem[k]))
            {
                _slots.Add(_slotOfItem[k]);
            }

            _long[_slotOfItem[k]] += _longWeights[k];
            _short[_slotOfItem[k]] += _shortWeights[k] / shortTotal;
            _recency[_slotOfItem[k]] += _longWeights[k] * recency;
            recencyTotal += _longWeights[k] * recency;
            _layerWeights[k] = _longWeights[k] * recency * Math.Pow(InLayerDiscount, _inLayer[_slotOfItem[k]]++);
            recency *= LayerDiscount;
        }

        foreach (var slot in _slots)
        {
            _recency[slot] /= recencyTotal;
        }
    }
}
