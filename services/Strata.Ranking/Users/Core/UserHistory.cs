using Strata.Contracts.Events.V1;
using Strata.Contracts.State.V1;
using Strata.Ranking.Index;

namespace Strata.Ranking.Candidates;

/// <summary>
/// The user's items as indexes, newest first, with their weights. Dismissed and forgotten items are left out: they say nothing about what the user wants and are only kept off the slate.
/// Items that the catalogue no longer knows keep their place in the order.
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

    private readonly List<int> _slots = [];
    private double[] _long = [];
    private double[] _short = [];
    private double[] _recency = [];
    private int[] _inLayer = [];

    /// <summary>Number of items.</summary>
    public int Count { get; private set; }

    /// <summary>Item indexes; −1: unknown to the catalogue.</summary>
    public int[] Items { get; } = new int[Capacity];

    /// <summary>When each was last touched, Unix milliseconds.</summary>
    public long[] LastMs { get; } = new long[Capacity];

    /// <summary>Own decayed count, half-life 60 d, as of the request.</summary>
    public double[] OwnCounts { get; } = new double[Capacity];

    /// <summary>2^(−age / 30 d) + 1e-6, divided by the sum over all items.</summary>
    public double[] LongWeights { get; } = new double[Capacity];

    /// <summary>0.7^k.</summary>
    public double[] ShortWeights { get; } = new double[Capacity];

    /// <summary>Weight of each item in its layer's direction: the long weight · 0.9^k · 0.7^(newer items of the layer).</summary>
    public double[] LayerWeights { get; } = new double[Capacity];

    /// <summary>Slot of each item's layer.</summary>
    public int[] Slots { get; } = new int[Capacity];

    /// <summary>Slots that the items lie in, newest first.</summary>
    public IReadOnlyList<int> UserSlots => _slots;

    /// <summary>The user's last act, Unix milliseconds; <see cref="long.MaxValue"/> for a new user, so that nothing came after it.</summary>
    public long LastEventMs { get; private set; }

    /// <summary>Milliseconds since the user's last act; <see cref="double.PositiveInfinity"/> for a new user.</summary>
    public double IdleMs { get; private set; }

    /// <summary>Share of the long weights that lies in a slot, 0 to 1.</summary>
    public double LongShare(int slot) => _long[slot];

    /// <summary>Share of the short weights that lies in a slot, 0 to 1.</summary>
    public double ShortShare(int slot) => _short[slot];

    /// <summary>Share of the long weights · 0.9^k that lies in a slot, 0 to 1: how much the user is in a layer now, without forgetting where he was.</summary>
    public double RecencyShare(int slot) => _recency[slot];

    /// <summary>True when the profile's item was dismissed.</summary>
    public static bool Dismissed(ProfileItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return (item.Kinds & (1u << (int)EventKind.Dismiss)) != 0;
    }

    /// <summary>Fills in the user of a request.</summary>
    public void Fill(CatalogueView view, Profile? profile, long nowMs)
    {
        ArgumentNullException.ThrowIfNull(view);
        Count = 0;
        foreach (var item in profile?.Items ?? [])
        {
            if (Count < Capacity && !Dismissed(item) && !item.Forgotten)
            {
                Items[Count] = view.IndexOf(item.ItemId);
                LastMs[Count] = item.LastUnixMs;
                OwnCounts[Count] = item.Count * HalfLives.Factor(nowMs - item.LastUnixMs, HalfLives.TransitionRate);
                Count++;
            }
        }

        var last = Math.Max(profile?.LastEventUnixMs ?? 0, Count > 0 ? LastMs[0] : 0);
        LastEventMs = last > 0 ? last : long.MaxValue;
        IdleMs = last > 0 ? Math.Max(0, nowMs - last) : double.PositiveInfinity;
        Weigh(view, nowMs);
    }

    private void Weigh(CatalogueView view, long nowMs)
    {
        var (total, shortTotal, discount) = (0.0, 0.0, 1.0);
        for (var k = 0; k < Count; k++)
        {
            LongWeights[k] = HalfLives.Factor(nowMs - LastMs[k], HalfLives.LongRate) + 1e-6;
            ShortWeights[k] = discount;
            total += LongWeights[k];
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
            LongWeights[k] /= total;
            Slots[k] = view.Assignment.SlotOf(Items[k]);
            if (!_slots.Contains(Slots[k]))
            {
                _slots.Add(Slots[k]);
            }

            _long[Slots[k]] += LongWeights[k];
            _short[Slots[k]] += ShortWeights[k] / shortTotal;
            _recency[Slots[k]] += LongWeights[k] * recency;
            recencyTotal += LongWeights[k] * recency;
            LayerWeights[k] = LongWeights[k] * recency * Math.Pow(InLayerDiscount, _inLayer[Slots[k]]++);
            recency *= LayerDiscount;
        }

        foreach (var slot in _slots)
        {
            _recency[slot] /= recencyTotal;
        }
    }
}
