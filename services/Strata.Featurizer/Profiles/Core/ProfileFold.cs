using Strata.Contracts.Common.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Features.V1;
using Strata.Contracts.State.V1;
using Strata.Featurizer.Activity.Core;
using Strata.ServiceDefaults.State;

namespace Strata.Featurizer.Profiles.Core;

/// <summary>What is known of the subject of an event: an item's or a query's terms and vector.</summary>
internal readonly record struct Subject(IReadOnlyList<TermWeight> Terms, Vector? Vector)
{
    public static Subject Unknown { get; } = new([], null);
}

internal enum EventOutcome
{
    Absorbed,
    Duplicate,
    SentAgain,
    HeldBefore,
}

/// <summary>
/// Folds records into profiles and gathers what they say to others: interest points and activity. Pure. Three positions decide: a record
/// below the profile's fence is in the profile already; below the group's committed position its output is in the topics already; between
/// the two its output is made again from the undo log, exactly as the first time.
/// </summary>
/// <param name="step">Step from profile to profile.</param>
/// <param name="weights">Weights of the points.</param>
/// <param name="activity">Takes the touches.</param>
/// <param name="eventsLog">Identity of the events' log.</param>
/// <param name="usersLog">Identity of the users' log.</param>
/// <param name="committed">The group's committed position on the events when the partition was taken over.</param>
internal sealed class ProfileFold(
    ProfileStep step,
    InterestWeights weights,
    ActivityAccumulator activity,
    ulong eventsLog,
    ulong usersLog,
    long committed)
{
    private readonly List<InterestPoint> _points = [];

    /// <summary>The points since the last call.</summary>
    public IReadOnlyList<InterestPoint> TakePoints()
    {
        InterestPoint[] points = [.. _points];
        _points.Clear();
        return points;
    }

    /// <summary>True when the subject of an event matters: it is new, or its output is to be sent again.</summary>
    public bool Needs(StoredProfile profile, ProfileRecord record)
        => record.Event is not null && (record.Record.Offset >= committed || !profile.Events.Holds(eventsLog, record.Record.Offset));

    public EventOutcome Absorb(StoredProfile profile, ProfileRecord record, Subject subject)
    {
        var offset = record.Record.Offset;
        var happened = record.Event!;
        var act = new ProfileAct(
            offset,
            ProfileAct.HashOf(happened.EventId),
            happened.Kind,
            record.TimeUnixMs,
            happened.ItemId,
            happened.Query,
            subject.Terms,
            subject.Vector,
            happened.LayerControl);
        if (profile.Events.Holds(eventsLog, offset))
        {
            return SendAgain(profile, act);
        }

        if (profile.Events.Log != eventsLog)
        {
            ProfileStep.StartLog(profile.Value);
            profile.UndoLog.Clear();
        }

        if (ProfileStep.IsDuplicate(profile.Value, act))
        {
            return EventOutcome.Duplicate;
        }

        var sent = Send(profile.UserId, act, profile.Value.Items);
        var undo = step.Apply(profile.Value, act);
        undo.Point = sent;
        profile.UndoLog.Insert(0, undo);
        profile.Events = new Fence(eventsLog, offset + 1);
        profile.Changed = true;
        return EventOutcome.Absorbed;
    }

    /// <summary>Takes over attributes, or forgets the user on a tombstone.</summary>
    public void Absorb(StoredProfile profile, ProfileRecord record)
    {
        if (profile.Users.Holds(usersLog, record.Record.Offset))
        {
            return;
        }

        if (record.Attributes is { } attributes)
        {
            step.SetAttributes(profile.Value, attributes);
        }
        else
        {
            profile.Erase();
        }

        profile.Users = new Fence(usersLog, record.Record.Offset + 1);
        profile.Changed = true;
    }

    private EventOutcome SendAgain(StoredProfile profile, in ProfileAct act)
    {
        var offset = act.Offset;
        var at = offset < committed ? -1 : profile.UndoLog.FindIndex(undo => undo.Offset == offset);
        if (at < 0)
        {
            // Its output is committed, or it had none: a duplicate leaves no trace.
            return EventOutcome.HeldBefore;
        }

        var items = profile.Value.Items.ToList();
        for (var i = 0; i <= at; i++)
        {
            ProfileItems.RollBack(items, profile.UndoLog[i]);
        }

        Send(profile.UserId, profile.UndoLog[at].Point ? act : act with { Vector = null }, items);
        return EventOutcome.SentAgain;
    }

    /// <summary>Gathers an event's output; true when a point is part of it.</summary>
    private bool Send(string userId, in ProfileAct act, IReadOnlyList<ProfileItem> before)
    {
        if (act.Offset >= committed && act.Touches)
        {
            activity.Add(act.Offset, act.TimeUnixMs, act.ItemId, before);
        }

        if (act.Vector is null || !act.Says || weights.Of(act.Kind) == 0)
        {
            return false;
        }

        if (act.Offset >= committed)
        {
            var point = new InterestPoint
            {
                UserId = userId,
                Kind = act.Kind,
                Weight = weights.Of(act.Kind),
                Vector = act.Vector,
                EventTimeUnixMs = act.TimeUnixMs,
                EventOffset = act.Offset,
            };
            if (act.Kind == EventKind.Search)
            {
                point.Query = act.Query;
            }
            else
            {
                point.ItemId = act.ItemId;
            }

            _points.Add(point);
        }

        return true;
    }
}
