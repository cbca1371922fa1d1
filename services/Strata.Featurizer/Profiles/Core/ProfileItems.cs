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
        var last = Math.Max(act.TimeUnixMs, before?.LastUnixMs ?? act.TimeUnixMs);
        var counted = before is { Forgotten: false } ? before.Count : 0;
        var entry = new ProfileItem
        {
            ItemId = act.ItemId,
            LastUnixMs = last,
            Kinds = ((before?.Kinds ?? 0) & ~DismissBit) | (1u << (int)act.Kind),
            Count = (float)((counted * Decay.Factor(last - (before?.LastUnixMs ?? last), halfLife))
                + Decay.Factor(last - act.TimeUnixMs, halfLife)),
            Offset = act.Offset,
        };
        var undo = new Undo { Offset = act.Offset, ItemId = act.ItemId, Index = index, Before = Nameless(before) };
        Insert(items, index, entry, moved: before is null || act.TimeUnixMs >= before.LastUnixMs);
        profile.Dismissed.Remove(act.ItemId);
        while (items.Count > most)
        {
            Evict(items, undo.Evicted);
        }

        return undo;
    }

    /// <summary>
    /// Marks the item if it is there, else remembers its id among the dismissed ones. Neither its rank nor its time changes.
    /// </summary>
    public static Undo Dismiss(Profile profile, in ProfileAct act, int most)
    {
        var index = IndexOf(profile.Items, act.ItemId);
        if (index < 0)
        {
            profile.Dismissed.Remove(act.ItemId);
            profile.Dismissed.Insert(0, act.ItemId);
            if (profile.Dismissed.Count > most)
            {
                ProfileSketch.AddDismissed(profile, profile.Dismissed[^1], act.TimeUnixMs);
                profile.Dismissed.RemoveAt(profile.Dismissed.Count - 1);
            }

            return new Undo { Offset = act.Offset, ItemId = act.ItemId, Index = -1 };
        }

        var before = profile.Items[index];
        profile.Items[index] = before.Clone();
        profile.Items[index].Kinds |= DismissBit;
        return new Undo { Offset = act.Offset, ItemId = act.ItemId, Index = index, Before = Nameless(before) };
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
            items.Insert(undo.Index, before);
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

    private static void Insert(RepeatedField<ProfileItem> items, int index, ProfileItem entry, bool moved)
    {
        if (!moved)
        {
            items[index] = entry;
            return;
        }

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

    private static ProfileItem? Nameless(ProfileItem? item)
    {
        var copy = item?.Clone();
        copy?.ItemId = "";
        return copy;
    }
}
