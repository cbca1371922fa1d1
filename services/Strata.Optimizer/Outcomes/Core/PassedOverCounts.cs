using Strata.Contracts.State.V1;
using Strata.Numerics;
using Strata.Optimizer.LayerPolicy;

namespace Strata.Optimizer.Outcomes.Core;

/// <summary>
/// What one user was shown and did not choose, item by item: each time counts by how likely its position is looked at, and half as much
/// after a half-life. Of more items than are kept those with the largest counts stay; of equals the one shown last.
/// </summary>
internal static class PassedOverCounts
{
    /// <summary>A count with less than this left, four half-lives after a single slate, says nothing.</summary>
    private const double Least = 1.0 / 16;

    /// <summary>Adds what one slate showed: a chosen item is no longer passed over, the others are once more.</summary>
    public static void Add(UserPolicy counts, ResolvedImpression outcome, OutcomesOptions options)
    {
        var (impression, byId) = (outcome.Impression, ById(counts));
        for (var i = 0; i < impression.Shown.Count; i++)
        {
            var shown = impression.Shown[i];
            if (outcome.Chosen.Contains(i))
            {
                byId.Remove(shown.ItemId);
            }
            else
            {
                var once = new PassedOver
                {
                    ItemId = shown.ItemId,
                    Count = (float)Examination.Of(shown.Position),
                    Slates = 1,
                    LastUnixMs = impression.TimeUnixMs,
                };
                Join(byId, once, options.FatigueHalfLife);
            }
        }

        Keep(counts, byId, options);
    }

    /// <summary>An item was chosen after all.</summary>
    public static void Choose(UserPolicy counts, string itemId, OutcomesOptions options)
    {
        var byId = ById(counts);
        if (byId.Remove(itemId))
        {
            Keep(counts, byId, options);
        }
    }

    /// <summary>Adds the counts of another one, as if one user had been shown what both were.</summary>
    public static void Merge(UserPolicy counts, UserPolicy other, OutcomesOptions options)
    {
        var byId = ById(counts);
        foreach (var passed in other.PassedOver)
        {
            Join(byId, passed.Clone(), options.FatigueHalfLife);
        }

        Keep(counts, byId, options);
    }

    // One entry an item; the store may hold what no release wrote.
    private static Dictionary<string, PassedOver> ById(UserPolicy counts)
    {
        var byId = new Dictionary<string, PassedOver>(counts.PassedOver.Count, StringComparer.Ordinal);
        foreach (var passed in counts.PassedOver)
        {
            byId.TryAdd(passed.ItemId, passed);
        }

        return byId;
    }

    private static void Join(Dictionary<string, PassedOver> byId, PassedOver more, TimeSpan halfLife)
    {
        if (byId.TryGetValue(more.ItemId, out var known))
        {
            var last = Math.Max(known.LastUnixMs, more.LastUnixMs);
            more.Count = (float)(LeftOf(known, last, halfLife) + LeftOf(more, last, halfLife));
            more.Slates = (uint)Math.Min((long)known.Slates + more.Slates, int.MaxValue);
            more.LastUnixMs = last;
        }

        byId[more.ItemId] = more;
    }

    // By id, so that the same counts are the same bytes.
    private static void Keep(UserPolicy counts, Dictionary<string, PassedOver> byId, OutcomesOptions options)
    {
        counts.PassedOver.Clear();
        if (byId.Count == 0)
        {
            return;
        }

        var now = byId.Values.Max(passed => passed.LastUnixMs);
        counts.PassedOver.AddRange(byId.Values
            .Select(passed => (Passed: passed, Left: LeftOf(passed, now, options.FatigueHalfLife)))
            .Where(entry => entry.Left >= Least)
            .OrderByDescending(entry => entry.Left)
            .ThenByDescending(entry => entry.Passed.LastUnixMs)
            .ThenBy(entry => entry.Passed.ItemId, StringComparer.Ordinal)
            .Take(options.FatigueItems)
            .Select(entry => entry.Passed)
            .OrderBy(passed => passed.ItemId, StringComparer.Ordinal));
        counts.PassedOverHalfLifeS = counts.PassedOver.Count > 0 ? (uint)options.FatigueHalfLife.TotalSeconds : 0;
    }

    private static double LeftOf(PassedOver passed, long timeUnixMs, TimeSpan halfLife)
        => passed.Count * Decay.Factor(timeUnixMs - passed.LastUnixMs, halfLife);
}
