using Google.Protobuf.Collections;
using Strata.Contracts.Events.V1;
using Strata.Contracts.State.V1;
using Strata.Numerics;

namespace Strata.Featurizer.Profiles.Core;

/// <summary>The last distinct items of a user, newest first by event time; among equals the one absorbed last comes first.</summary>
internal static class ProfileItems
{
    private const uint DismissBit = 1u << (int)EventKind.Dismiss;

    /// <summary>Puts the item of an event where its last time belongs. Beyond <paramref name="most"/> the oldest falls off.</summary>
    public static Undo Touch(Profile profile, in ProfileAct act, int most, TimeSpan halfLife)
    {
        var items = profile.Items;
        var index = IndexOf(items, act.ItemId);
        var before = index < 0 ? null : items[index];
        var undo = new Undo { Offset = act.Offset, ItemId = act.ItemId, Index = index, Before = Nameless(before) };
        var last = Math.Max(act.TimeUnixMs, before?.LastUnixMs ?? act.TimeUnixMs);
        var counted = before is { Forgotten: false } ? before.Count : 0;
        var dismissed = before is null ? TakeDismissal(profile, act.ItemId) : before.DismissedUnixMs;
        var stays = dismissed >= last;
        var moved = before is null || act.TimeUnixMs >= before.LastUnixMs;
        var count = (float)((counted * Decay.Factor(last - (before?.LastUnixMs ?? last), halfLife))
            + Decay.Factor(last - act.TimeUnixMs, halfLife));
        var entry = before ?? new ProfileItem { ItemId = act.ItemId };
        entry.LastUnixMs = last;
        entry.Kinds = (entry.Kinds & ~DismissBit) | (1u << (int)act.Kind) | (stays ? DismissBit : 0);
        entry.DismissedUnixMs = stays ? dismissed : 0;
        entry.Count = count;
        entry.Offset = act.Offset;
        entry.Forgotten = false;
        if (moved)
        {
            Move(items, index, entry);
        }

        while (items.Count > most)
        {
            Evict(items, undo.Evicted);
        }

        return undo;
    }

    /// <summary>
    /// Marks the item if it is there and was not touched since, else remembers its id among the dismissed ones. Neither its rank nor its
    /// time changes.
    /// </summary>
    public static Undo Dismiss(Profile profile, in ProfileAct act, int most)
    {
        var index = IndexOf(profile.Items, act.ItemId);
        if (index < 0)
        {
            Remember(profile, act.ItemId, Math.Max(act.TimeUnixMs, TakeDismissal(profile, act.ItemId)), most);
            return new Undo { Offset = act.Offset, ItemId = act.ItemId, Index = -1 };
        }

        var before = profile.Items[index];
        if (act.TimeUnixMs >= before.LastUnixMs)
        {
            profile.Items[index] = before.Clone();
            profile.Items[index].Kinds |= DismissBit;
            profile.Items[index].DismissedUnixMs = Math.Max(act.TimeUnixMs, before.DismissedUnixMs);
        }

        return new Undo { Offset = act.Offset, ItemId = act.ItemId, Index = index, Before = Nameless(before) };
    }

    /// <summary>Forgets the dismissals beyond the first so many.</summary>
    public static void CutDismissals(Profile profile, int most)
    {
        while (profile.Dismissed.Count > most)
        {
            profile.Dismissed.RemoveAt(profile.Dismissed.Count - 1);
        }

        while (profile.DismissedUnixMs.Count > profile.Dismissed.Count)
        {
            profile.DismissedUnixMs.RemoveAt(profile.DismissedUnixMs.Count - 1);
        }
    }

    public static void Evict(RepeatedField<ProfileItem> items, RepeatedField<ProfileItem> evicted)
    {
        evicted.Insert(0, items[^1]);
        items.RemoveAt(items.Count - 1);
    }

    /// <summary>The reverse of what an event did to the items.</summary>
    public static void RollBack(List<ProfileItem> items, Undo undo)
    {
        items.AddRange(undo.Evicted);
        if (undo.ItemId.Length == 0)
        {
            return;
        }

        var now = items.FindIndex(item => item.ItemId == undo.ItemId);
        if (now >= 0)
        {
            items.RemoveAt(now);
        }

        if (undo.Index >= 0)
        {
            var before = undo.Before.Clone();
            before.ItemId = undo.ItemId;
            items.Insert(Math.Min(undo.Index, items.Count), before);
        }
    }

    public static int IndexOf(IReadOnlyList<ProfileItem> items, string itemId)
    {
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].ItemId == itemId)
            {
                return i;
            }
        }

        return -1;
    }

    private static void Move(RepeatedField<ProfileItem> items, int index, ProfileItem entry)
    {
        if (index >= 0)
        {
            items.RemoveAt(index);
        }

        var at = 0;
        while (at < items.Count && items[at].LastUnixMs > entry.LastUnixMs)
        {
            at++;
        }

        items.Insert(at, entry);
    }

    private static void Remember(Profile profile, string itemId, long timeUnixMs, int most)
    {
        // Those of an earlier release have no time: they lie behind.
        while (profile.DismissedUnixMs.Count < profile.Dismissed.Count)
        {
            profile.DismissedUnixMs.Add(0);
        }

        var at = 0;
        while (at < profile.Dismissed.Count && profile.DismissedUnixMs[at] > timeUnixMs)
        {
            at++;
        }

        profile.Dismissed.Insert(at, itemId);
        profile.DismissedUnixMs.Insert(at, timeUnixMs);
        for (var i = most; i < profile.Dismissed.Count; i++)
        {
            ProfileSketch.AddDismissed(profile, profile.Dismissed[i], timeUnixMs);
        }

        CutDismissals(profile, most);
    }

    /// <summary>Takes an item off the dismissed ones; when it was dismissed, 0 when it was not or nobody knows.</summary>
    private static long TakeDismissal(Profile profile, string itemId)
    {
        var at = profile.Dismissed.IndexOf(itemId);
        if (at < 0)
        {
            return 0;
        }

        profile.Dismissed.RemoveAt(at);
        if (at >= profile.DismissedUnixMs.Count)
        {
            return 0;
        }

        var time = profile.DismissedUnixMs[at];
        profile.DismissedUnixMs.RemoveAt(at);
        return time;
    }

    private static ProfileItem? Nameless(ProfileItem? item)
    {
        var copy = item?.Clone();
        copy?.ItemId = "";
        return copy;
    }
}
