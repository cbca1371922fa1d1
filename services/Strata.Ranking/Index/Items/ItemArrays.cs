using Strata.Contracts.Features.V1;

namespace Strata.Ranking.Index.Items;

/// <summary>
/// What is known of each item, by index. One writer sets entries; readers see each entry whole (references and 64-bit numbers are set
/// atomically), the old one or the new one.
/// </summary>
public sealed class ItemArrays
{
    private readonly string[] _ids;
    private readonly ItemFeatures?[] _features;
    private readonly ItemActivities[] _activity;
    private readonly double[] _weekKeys;
    private readonly long[] _aliveFromMs;

    /// <summary>Makes room for <paramref name="capacity"/> items, those of <paramref name="old"/> first.</summary>
    internal ItemArrays(int capacity, ItemArrays? old = null)
    {
        _ids = new string[capacity];
        _features = new ItemFeatures?[capacity];
        _activity = new ItemActivities[capacity];
        _weekKeys = new double[capacity];
        _aliveFromMs = new long[capacity];
        Array.Fill(_activity, ItemActivities.None);
        Array.Fill(_weekKeys, double.NegativeInfinity);
        Array.Fill(_aliveFromMs, long.MaxValue);
        old?._ids.CopyTo(_ids, 0);
        old?._features.CopyTo(_features, 0);
        old?._activity.CopyTo(_activity, 0);
        old?._weekKeys.CopyTo(_weekKeys, 0);
        old?._aliveFromMs.CopyTo(_aliveFromMs, 0);
    }

    public ReadOnlySpan<string> Ids => _ids;

    /// <summary>Features; null for an item that is known by name only or was taken out.</summary>
    public ReadOnlySpan<ItemFeatures?> Features => _features;

    /// <summary>Activity; <see cref="ItemActivities.None"/> for an item that nobody touched.</summary>
    public ReadOnlySpan<ItemActivities> Activity => _activity;

    /// <summary><see cref="ItemActivities.PopularityKey"/> at 7 d, side by side for scans.</summary>
    public ReadOnlySpan<double> WeekKeys => _weekKeys;

    /// <summary>The item can be recommended from this time on, Unix milliseconds; <see cref="long.MaxValue"/>: not at all.</summary>
    public ReadOnlySpan<long> AliveFromMs => _aliveFromMs;

    /// <summary>When the item came to be, or else was first touched; 0: unknown.</summary>
    public long BirthMs(int item)
        => _features[item] is { CreatedUnixMs: > 0 } features ? features.CreatedUnixMs : _activity[item].FirstEventMs;

    /// <summary>Writer: gives an index its item, before any view shows it.</summary>
    internal void Name(int item, string itemId) => _ids[item] = itemId;

    /// <summary>Writer: a new item or a new version of one.</summary>
    internal void Put(int item, ItemFeatures features)
    {
        Volatile.Write(ref _features[item], features);
        Volatile.Write(ref _aliveFromMs[item], features.CreatedUnixMs);
    }

    internal void Remove(int item)
    {
        Volatile.Write(ref _aliveFromMs[item], long.MaxValue);
        Volatile.Write(ref _features[item], null);
    }

    internal void Put(int item, ItemActivities activity)
    {
        Volatile.Write(ref _activity[item], activity);
        Volatile.Write(ref _weekKeys[item], activity.PopularityKey(HalfLives.Week));
    }
}
