using Strata.Contracts.Events.V1;
using Strata.Contracts.State.V1;

namespace Strata.Ranking.Tests.Shadow;

/// <summary>Applies events to a profile as the Featurizer's contract has it: newest first, own counts, an undo for each event.</summary>
internal static class ModelProfile
{
    private const double CountHalfLifeMs = 60 * 86_400_000.0;

    public static void Touch(Profile profile, string item, long offset, long timeMs, EventKind kind = EventKind.Click, int capacity = 64)
    {
        var index = -1;
        for (var i = 0; i < profile.Items.Count; i++)
        {
            index = profile.Items[i].ItemId == item ? i : index;
        }

        var undo = new Undo { Offset = offset, ItemId = item, Index = index };
        var next = new ProfileItem { ItemId = item, LastUnixMs = timeMs, Kinds = 1u << (int)kind, Count = 1, Offset = offset };
        if (index >= 0)
        {
            var before = profile.Items[index];
            undo.Before = before.Clone();
            undo.Before.ItemId = "";
            next.Kinds |= before.Kinds;
            next.Count = (float)((before.Count * Math.Exp(-Math.Log(2) * (timeMs - before.LastUnixMs) / CountHalfLifeMs)) + 1);
            profile.Items.RemoveAt(index);
        }

        profile.Items.Insert(0, next);
        while (profile.Items.Count > capacity)
        {
            undo.Evicted.Insert(0, profile.Items[^1]);
            profile.Items.RemoveAt(profile.Items.Count - 1);
        }

        profile.UndoLog.Insert(0, undo);
        Note(profile, offset, timeMs);
    }

    public static void Search(Profile profile, string text, long offset, long timeMs)
    {
        profile.Queries.Insert(0, new ProfileQuery { Text = text, TimeUnixMs = timeMs });
        profile.UndoLog.Insert(0, new Undo { Offset = offset });
        Note(profile, offset, timeMs);
    }

    /// <summary>Forgets the undos of events below an offset, as after their output was committed.</summary>
    public static void CommitBelow(Profile profile, long offset)
    {
        for (var i = profile.UndoLog.Count - 1; i >= 0 && profile.UndoLog[i].Offset < offset; i--)
        {
            profile.UndoLog.RemoveAt(i);
        }
    }

    private static void Note(Profile profile, long offset, long timeMs)
    {
        profile.Seen.Insert(0, new SeenEvent { IdHash = (ulong)offset, Offset = offset });
        while (profile.Seen.Count > 32)
        {
            profile.Seen.RemoveAt(profile.Seen.Count - 1);
        }

        profile.Events++;
        profile.LastEventUnixMs = Math.Max(profile.LastEventUnixMs, timeMs);
    }
}
