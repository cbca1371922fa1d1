using Strata.Contracts.Features.V1;

namespace Strata.Ranking.Index.Items;

/// <summary>What is known of each item, by index. One writer sets entries; what it freezes never changes.</summary>
public sealed class ItemArrays
{
    internal ItemArrays()
        : this(new(""), new(null), new(ItemActivities.None), new(double.NegativeInfinity), new(long.MaxValue), new(-1), new(ItemTerms.None))
    {
    }

    private ItemArrays(
        Column<string> ids,
        Column<ItemFeatures?> features,
        Column<ItemActivities> activity,
        Column<double> weekKeys,
        Column<long> aliveFromMs,
        Column<int> variants,
        Column<ItemTerms> terms)
    {
        (Ids, Features, Activity, WeekKeys, AliveFromMs) = (ids, features, activity, weekKeys, aliveFromMs);
        (Variants, Terms) = (variants, terms);
    }

    public Column<string> Ids { get; }

    /// <summary>Features; null for an item that is known by name only or was taken out.</summary>
    public Column<ItemFeatures?> Features { get; }

    /// <summary>Activity; <see cref="ItemActivities.None"/> for an item that nobody touched.</summary>
    public Column<ItemActivities> Activity { get; }

    /// <summary><see cref="ItemActivities.PopularityKey"/> at 7 d, side by side for scans.</summary>
    public Column<double> WeekKeys { get; }

    /// <summary>The item can be recommended from this time on, Unix milliseconds; <see cref="long.MaxValue"/>: not at all.</summary>
    public Column<long> AliveFromMs { get; }

    /// <summary>A number that an item has in common with its variants (<see cref="VariantKey"/>) only; −1: none are known.</summary>
    public Column<int> Variants { get; }

    /// <summary>What the texts say, as the view's <see cref="TermStatistics"/> number it.</summary>
    public Column<ItemTerms> Terms { get; }

    /// <summary>The item is in the catalogue and not hidden: it is shown, now or from its creation on.</summary>
    public bool IsListed(int item) => AliveFromMs[item] < long.MaxValue;

    /// <summary>When the item came to be, or else was first touched; 0: unknown.</summary>
    public long BirthMs(int item)
        => Features[item] is { CreatedUnixMs: > 0 } features ? features.CreatedUnixMs : Activity[item].FirstEventMs;

    /// <summary>Writer: the entries as they are now, for good.</summary>
    internal ItemArrays Freeze()
        => new(
            Ids.Freeze(),
            Features.Freeze(),
            Activity.Freeze(),
            WeekKeys.Freeze(),
            AliveFromMs.Freeze(),
            Variants.Freeze(),
            Terms.Freeze());

    /// <summary>Writer: gives an index its item.</summary>
    internal void Name(int item, string itemId) => Ids.Set(item, itemId);

    /// <summary>Writer: a new item or a new version of one.</summary>
    internal void Put(int item, ItemFeatures features, int variant, ItemTerms terms)
    {
        Terms.Set(item, terms);
        Features.Set(item, features);
        AliveFromMs.Set(item, features.Hidden ? long.MaxValue : features.CreatedUnixMs);
        Variants.Set(item, variant);
    }

    internal void Remove(int item)
    {
        AliveFromMs.Set(item, long.MaxValue);
        Features.Set(item, null);
        Terms.Set(item, ItemTerms.None);
    }

    internal void Put(int item, ItemActivities activity)
    {
        Activity.Set(item, activity);
        WeekKeys.Set(item, activity.PopularityKey(HalfLives.Week));
    }
}
