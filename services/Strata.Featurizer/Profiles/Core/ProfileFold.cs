using Strata.Contracts.Events.V1;
using Strata.Contracts.Features.V1;
using Strata.Contracts.State.V1;
using Strata.Contracts.Users.V1;
using Strata.Featurizer.Activity.Core;
using Strata.ServiceDefaults.Forgetting;
using Strata.ServiceDefaults.State;

namespace Strata.Featurizer.Profiles.Core;

/// <summary>
/// Folds records into profiles and gathers what they say to others: interest points and activity. Pure. Three positions decide: a record
/// below the profile's fence is in the profile already; below the group's committed position its output is in the topics already; between
/// the two its output is made again from the undo log, exactly as the first time.
/// </summary>
/// <param name="step">Step from profile to profile.</param>
/// <param name="weights">Weights of the points.</param>
/// <param name="influence">Which points the layers learn from.</param>
/// <param name="activity">Takes the touches.</param>
/// <param name="moves">Hands profiles over to other names.</param>
/// <param name="eventsLog">Identity of the events' log.</param>
/// <param name="usersLog">Identity of the users' log.</param>
/// <param name="committed">The group's committed position on the events when the partition was taken over.</param>
internal sealed class ProfileFold(
    ProfileStep step,
    InterestWeights weights,
    UserInfluence influence,
    ActivityAccumulator activity,
    ProfileMoves moves,
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
        => record.Event is { AggregateOnly: false } && record is { Forgets: false, Moves: false }
            && (record.Record.Offset >= committed || !profile.Events.Holds(eventsLog, record.Record.Offset));

    /// <summary>True when a record forgets its user now, and not only once more.</summary>
    public bool Forgets(StoredProfile profile, ProfileRecord record)
        => record.Forgets && !profile.Events.Holds(eventsLog, record.Record.Offset);

    public EventOutcome Absorb(StoredProfile profile, ProfileRecord record, Subject subject)
    {
        var offset = record.Record.Offset;
        var happened = record.Event!;
        if (record.Forgets)
        {
            Forget(profile, record);
            return EventOutcome.Forgotten;
        }

        if (record.Moves)
        {
            return Move(profile, record);
        }

        if (!profile.Events.Holds(eventsLog, offset) && profile.Forgotten.Covers(record.TimeUnixMs, record.ReceivedUnixMs))
        {
            // From before, on its way until now.
            profile.Events = new Fence(eventsLog, offset + 1);
            profile.Changed = true;
            return EventOutcome.Forgotten;
        }

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
        if (happened.AggregateOnly)
        {
            // As of somebody who was never there before, and leaves nothing of themselves.
            SendActivity(act, []);
            return EventOutcome.AggregateOnly;
        }

        if (profile.Events.Holds(eventsLog, offset))
        {
            return SendAgain(profile, act, subject);
        }

        if (profile.Events.Log != eventsLog)
        {
            ProfileStep.StartLog(profile.Value);
            profile.UndoLog.Clear();
        }

        if (ProfileStep.IsDuplicate(profile.Value, act))
        {
            // The fence moves all the same: whoever waits for this record by its offset reads a state that knows its event.
            profile.Events = new Fence(eventsLog, offset + 1);
            profile.Changed = true;
            return EventOutcome.Duplicate;
        }

        profile.Return();
        SendActivity(act, profile.Value.Items);
        var sent = subject.Point is not null && weights.Of(act.Kind) != 0;
        var userOnly = sent && influence.IsUserOnly(profile.Value, profile.UserId, act);
        if (sent)
        {
            SendPoint(profile.UserId, act, subject, userOnly);
        }

        var undo = step.Apply(profile.Value, act);
        (undo.Point, undo.UserOnly) = (sent, userOnly);
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

        // The tombstone that comes of forgetting is as old as the forgetting: it takes nothing from a user who has come back.
        if (!profile.Forgotten.Covers(long.MaxValue, record.ReceivedUnixMs))
        {
            if (record.Attributes is { } attributes)
            {
                profile.Return();

                // What was taken over from another name may be newer, or be put again under this one.
                if (!(profile.Value.Attributes?.Updated is { } known && attributes.Updated is { } said && known > said))
                {
                    step.SetAttributes(profile.Value, attributes);
                }
            }
            else
            {
                profile.Erase();
            }
        }

        profile.Users = new Fence(usersLog, record.Record.Offset + 1);
        profile.Changed = true;
    }

    // Whoever keeps something of the user by their points is told in the points' own order, again where that may not have arrived.
    private void Forget(StoredProfile profile, ProfileRecord record)
    {
        var offset = record.Record.Offset;
        var when = new Forgotten { EventTimeUnixMs = record.TimeUnixMs, AskedUnixMs = record.ReceivedUnixMs ?? record.TimeUnixMs };
        if (Forgets(profile, record))
        {
            profile.Forget(when);
            profile.Events = new Fence(eventsLog, offset + 1);
        }

        if (offset >= committed)
        {
            _points.Add(new InterestPoint
            {
                UserId = profile.UserId,
                Kind = EventKind.Forget,
                EventTimeUnixMs = record.TimeUnixMs,
                EventOffset = offset,
                Forgotten = when,
            });
        }
    }

    private EventOutcome Move(StoredProfile profile, ProfileRecord record)
    {
        if (record.Event!.Kind == EventKind.TakeOver)
        {
            return moves.TakeOver(profile, record);
        }

        if (moves.HandOver(profile, record) is { } point)
        {
            _points.Add(point);
        }

        return EventOutcome.HandedOver;
    }

    private EventOutcome SendAgain(StoredProfile profile, in ProfileAct act, in Subject subject)
    {
        var offset = act.Offset;
        var at = offset < committed ? -1 : profile.UndoLog.FindIndex(undo => undo.Offset == offset);
        if (at < 0)
        {
            // Its output is committed, or it had none: a duplicate moved the fence and nothing else.
            return EventOutcome.HeldBefore;
        }

        var items = profile.Value.Items.ToList();
        for (var i = 0; i <= at; i++)
        {
            ProfileItems.RollBack(items, profile.UndoLog[i]);
        }

        SendActivity(act, items);
        if (profile.UndoLog[at].Point && subject.Point is not null)
        {
            SendPoint(profile.UserId, act, subject, profile.UndoLog[at].UserOnly);
        }

        return EventOutcome.SentAgain;
    }

    private void SendActivity(in ProfileAct act, IReadOnlyList<ProfileItem> before)
    {
        if (act.Offset >= committed && act.Touches)
        {
            activity.Add(act.Offset, act.TimeUnixMs, act.ItemId, before);
        }
    }

    private void SendPoint(string userId, in ProfileAct act, in Subject subject, bool userOnly)
    {
        if (act.Offset >= committed)
        {
            _points.Add(subject.PointOf(userId, act, weights.Of(act.Kind), userOnly));
        }
    }
}
