using Google.Protobuf;
using Strata.Contracts;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Features.V1;
using Strata.Contracts.State.V1;
using Strata.ServiceDefaults.Forgetting;
using Strata.ServiceDefaults.State;

namespace Strata.Featurizer.Profiles.Core;

/// <summary>
/// Hands profiles over from one name to another, which may lie in another partition: what is held leaves as a record under the other name,
/// with the commit behind the order, and waits in the undo log until that is safe. Whoever meets that record takes it over. Pure.
/// </summary>
/// <param name="merge">Makes one profile of two.</param>
/// <param name="eventsLog">Identity of the events' log.</param>
/// <param name="committed">The group's committed position on the events when the partition was taken over.</param>
internal sealed class ProfileMoves(ProfileMerge merge, ulong eventsLog, long committed)
{
    private readonly List<(string Topic, string UserId, IMessage Value, long TimeUnixMs)> _sent = [];

    /// <summary>
    /// What is to be sent since the last call: what was handed over, under the name that takes over, and attributes that were taken over,
    /// so that their log has them under that name, too.
    /// </summary>
    public IReadOnlyList<(string Topic, string UserId, IMessage Value, long TimeUnixMs)> TakeSent()
    {
        var sent = _sent.ToArray();
        _sent.Clear();
        return sent;
    }

    /// <summary>
    /// Hands over what is held, or sends it again. The undo log must be empty: what the acts of before send again is made of the profile.
    /// </summary>
    /// <returns>The point by which Clustering hands over the weights; null where it is in the topic already.</returns>
    public InterestPoint? HandOver(StoredProfile profile, ProfileRecord record)
    {
        var (offset, order) = (record.Record.Offset, record.Event!.HandOver);
        var sent = profile.Events.Holds(eventsLog, offset)
            ? profile.UndoLog.Find(undo => undo.Offset == offset)?.HandOver
            : Take(profile, record);
        if (offset < committed)
        {
            return null;
        }

        if (sent is not null)
        {
            var carried = record.Event.Clone();
            (carried.UserId, carried.Kind, carried.HandOver) = (order.ToUserId, EventKind.TakeOver, sent);
            _sent.Add((Topics.Events, carried.UserId, carried, record.TimeUnixMs));
        }

        return new InterestPoint
        {
            UserId = profile.UserId,
            Kind = EventKind.HandOver,
            EventTimeUnixMs = record.TimeUnixMs,
            EventOffset = offset,
            HandOver = OrderOf(profile, record),
        };
    }

    /// <summary>Takes over what somebody handed over, unless it is of before the user was forgotten.</summary>
    public EventOutcome TakeOver(StoredProfile profile, ProfileRecord record)
    {
        var handed = record.Event!.HandOver;
        if (profile.Events.Holds(eventsLog, record.Record.Offset))
        {
            SendAttributes(profile, record);
            return EventOutcome.HeldBefore;
        }

        var forgotten = profile.Forgotten.Covers(handed, handed.Profile.Forgotten);
        if (!forgotten)
        {
            if (profile.Events.Log != eventsLog)
            {
                ProfileStep.StartLog(profile.Value);
                profile.UndoLog.Clear();
            }

            profile.Return();
            merge.Apply(profile.Value, TakenOf(handed), record.TimeUnixMs);
            SendAttributes(profile, record);
        }

        profile.Events = new Fence(eventsLog, record.Record.Offset + 1);
        profile.Changed = true;
        return forgotten ? EventOutcome.Forgotten : EventOutcome.TakenOver;
    }

    // What one user had forgotten takes nothing from another.
    private static Profile TakenOf(HandOver handed)
    {
        if (handed.SameUser || handed.Profile.Forgotten is null)
        {
            return handed.Profile;
        }

        var taken = handed.Profile.Clone();
        taken.Forgotten = null;
        return taken;
    }

    private HandOver? Take(StoredProfile profile, ProfileRecord record)
    {
        if (!profile.IsKnown)
        {
            return null;
        }

        HandOver? sent = null;
        if (profile.HandOver() is { } held)
        {
            // Positions are those of this partition.
            ProfileStep.StartLog(held);
            sent = OrderOf(profile, record);
            sent.Profile = held;
        }

        profile.UndoLog.Clear();
        if (sent is not null && record.Record.Offset >= committed)
        {
            profile.UndoLog.Add(new Undo { Offset = record.Record.Offset, Index = -1, HandOver = sent });
        }

        profile.Events = new Fence(eventsLog, record.Record.Offset + 1);
        profile.Changed = true;
        return sent;
    }

    private void SendAttributes(StoredProfile profile, ProfileRecord record)
    {
        if (record.Record.Offset >= committed
            && record.Event!.HandOver.Profile.Attributes is { } taken && taken.Equals(profile.Value.Attributes))
        {
            var attributes = taken.Clone();
            attributes.UserId = profile.UserId;
            _sent.Add((Topics.Users, profile.UserId, attributes, record.TimeUnixMs));
        }
    }

    private static HandOver OrderOf(StoredProfile profile, ProfileRecord record)
    {
        var order = record.Event!.HandOver.Clone();
        order.FromUserId = profile.UserId;
        (order.Profile, order.Layers, order.Policy) = (null, null, null);
        return order;
    }
}
