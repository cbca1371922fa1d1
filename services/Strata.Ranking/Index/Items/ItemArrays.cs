using Strata.Contracts.Features.V1;

namespace Strata.Ranking.Index;

/// <summary>
/// What is known of each item, by index. One writer sets entries; readers see each entry whole (references and 64-bit numbers are set atomically), the old one or the new one.
/// </summary>
public sealed class ItemArrays
{
    /// <summary>Makes room for <paramref name="capacity"/> items, those of <paramref name="old"/> first.</summary>
    internal ItemArrays(int capacity, ItemArrays? old = null)
    {
        Ids = new string[capacity];
        Features = new ItemFeatures?[capacity];
        Activity = new ActivityState[capacity];
        AliveFromMs = new long[capacity];
        WeekKeys = new double[capacity];
        Array.Fill(Activity, ActivityState.None);
        Array.Fill(WeekKeys, double.NegativeInfinity);
        Array.Fill(AliveFromMs, long.MaxValue);
        old?.Ids.CopyTo(Ids, 0);
        old?.Features.CopyTo(Features, 0);
        old?.Activity.CopyTo(Activity, 0);
        old?.AliveFromMs.CopyTo(AliveFromMs, 0);
        old?.WeekKeys.CopyTo(WeekKeys, 0);
    }

    /// <summary>Item ids.</summary>
    public string[] Ids { get; }

    /// <summary>Features; null for an item that is known by name only or was taken out.</summary>
    public ItemFeatures?[] Features { get; }

    /// <summary>Activity.</summary>
    public ActivityState[] Activity { get; }

    /// <summary><see cref="ActivityState.PopularityKey"/> at 7 d, side by side for scans.</summary>
    public double[] WeekKeys { get; }

    /// <summary>The item can be recommended from this time on, Unix milliseconds; <see cref="long.MaxValue"/>: not at all.</summary>
    public long[] AliveFromMs { get; }

    /// <summary>When the item came to be, or else was first touched; 0: unknown.</summary>
    public long BirthMs(int item) => Features[item] is { CreatedUnixMs: > 0 } features ? features.CreatedUnixMs : Activity[item].FirstEventMs;
}
