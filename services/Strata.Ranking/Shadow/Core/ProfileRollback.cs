using System.Numerics;
using Strata.Contracts.State.V1;

namespace Strata.Ranking.Shadow.Core;

/// <summary>
/// A profile as it was before an event that it may have absorbed already, together with later ones. A score made from a profile that
/// holds the event knows the answer, so nothing of the event or after it may stay: when in doubt the result says that it is not exact,
/// and no example is made of it.
/// <para>The undo log undoes what it names, newest first, exactly. Entries that it no longer names can still be taken out when they were
/// first touches (a count of one and a single kind): what they pushed off the far end stays lost, which no source that looks at the
/// newest items can notice. Terms can't be taken apart and are dropped; the time of the last event is that of what remains.</para>
/// </summary>
public static class ProfileRollback
{
    /// <summary>First touches taken out without the undo log: more would leave a hole at the far end that matters.</summary>
    private const int MaxUnnamed = 8;

    /// <summary>The profile before the event at <paramref name="offset"/>.</summary>
    /// <param name="profile">Profile as stored; not changed.</param>
    /// <param name="absorbed">Next offset that the profile has not absorbed: its fence.</param>
    /// <param name="offset">Offset of the event.</param>
    /// <param name="timeUnixMs">Time of the event, by which queries (which carry no offset) are told apart.</param>
    public static RolledBack Before(Profile profile, long absorbed, long offset, long timeUnixMs)
    {
        ArgumentNullException.ThrowIfNull(profile);
        var before = profile.Clone();
        before.UndoLog.Clear();
        if (absorbed <= offset)
        {
            return new RolledBack(before, Exact: true);
        }

        foreach (var undo in profile.UndoLog.Where(undo => undo.Offset >= offset).OrderByDescending(undo => undo.Offset))
        {
            Undo(before, undo);
        }

        var exact = TakeOutUnnamed(before, offset);
        Remove(before.Queries, query => query.TimeUnixMs >= timeUnixMs);
        before.Events -= Math.Min(before.Events, (ulong)before.Seen.Count(seen => seen.Offset >= offset));
        Remove(before.Seen, seen => seen.Offset >= offset);
        before.Terms.Clear();
        before.TermsAsOfUnixMs = 0;
        before.LastEventUnixMs = before.Items.Select(item => item.LastUnixMs)
            .Concat(before.Queries.Select(query => query.TimeUnixMs)).DefaultIfEmpty().Max();
        return new RolledBack(before, exact);
    }

    private static void Undo(Profile profile, Undo undo)
    {
        if (undo.ItemId.Length == 0)
        {
            return;
        }

        Remove(profile.Items, item => item.ItemId == undo.ItemId);
        if (undo.Index >= 0 && undo.Before is { } entry)
        {
            var restored = entry.Clone();
            restored.ItemId = undo.ItemId;
            profile.Items.Insert(Math.Min(undo.Index, profile.Items.Count), restored);
        }

        profile.Items.AddRange(undo.Evicted);
    }

    private static bool TakeOutUnnamed(Profile profile, long offset)
    {
        var unnamed = profile.Items.Where(item => item.Offset >= offset).ToList();
        Remove(profile.Items, item => item.Offset >= offset);
        return unnamed.Count <= MaxUnnamed && unnamed.TrueForAll(item => item.Count == 1 && BitOperations.PopCount(item.Kinds) == 1);
    }

    private static void Remove<T>(IList<T> from, Predicate<T> match)
    {
        for (var i = from.Count - 1; i >= 0; i--)
        {
            if (match(from[i]))
            {
                from.RemoveAt(i);
            }
        }
    }
}

/// <summary>A profile before an event.</summary>
/// <param name="Profile">The profile.</param>
/// <param name="Exact">Nothing of the event or later is left, and nothing that was there before is missing but for entries that fell off
/// the far end.</param>
public readonly record struct RolledBack(Profile Profile, bool Exact);
