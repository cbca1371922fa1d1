using Strata.Contracts;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.State.V1;
using Strata.Streaming.Records;

namespace Strata.Featurizer.Profiles.Core;

/// <summary>A record of the events or the users, read.</summary>
/// <param name="UserId">User.</param>
/// <param name="Record">The record.</param>
/// <param name="Event">The event; null for a record of the users.</param>
/// <param name="Attributes">The attributes; null for an event and for a tombstone.</param>
internal sealed record ProfileRecord(string UserId, StreamRecord Record, UserEvent? Event, UserAttributes? Attributes)
{
    /// <summary>When the event happened; when it was received, or the record's own time, where it does not say.</summary>
    public long TimeUnixMs => ((Event?.EventTime ?? Event?.ReceivedTime)?.ToDateTimeOffset() ?? Record.Timestamp).ToUnixTimeMilliseconds();

    /// <summary>When it was received; null where it does not say.</summary>
    public long? ReceivedUnixMs
        => Event is null
            ? (Attributes?.Updated?.ToDateTimeOffset() ?? Record.Timestamp).ToUnixTimeMilliseconds()
            : Event.ReceivedTime?.ToDateTimeOffset().ToUnixTimeMilliseconds();

    /// <summary>The user is to be forgotten.</summary>
    public bool Forgets => Event?.Kind == EventKind.Forget;

    /// <summary>The user hands over what is held of them, or takes over what is held of another name.</summary>
    public bool Moves => Event?.Kind is EventKind.HandOver or EventKind.TakeOver;

    /// <summary>Reads a record; null with the reason when it can never be one.</summary>
    public static ProfileRecord? Read(StreamRecord record, out string? reason)
    {
        reason = null;
        if (string.IsNullOrEmpty(record.Key))
        {
            reason = "the record has no key";
        }
        else if (record.Topic == Topics.Users)
        {
            return ReadAttributes(record, record.Key, out reason);
        }
        else if (record.TryParse(UserEvent.Parser, out var happened, out reason))
        {
            reason = Fault(happened, record.Key);
            return reason is null ? new ProfileRecord(record.Key, record, happened, null) : null;
        }

        return null;
    }

    private static ProfileRecord? ReadAttributes(StreamRecord record, string userId, out string? reason)
    {
        reason = null;
        if (record.Value is null)
        {
            return new ProfileRecord(userId, record, null, null);
        }

        return record.TryParse(UserAttributes.Parser, out var attributes, out reason)
            ? new ProfileRecord(userId, record, null, attributes)
            : null;
    }

    private static string? Fault(UserEvent happened, string key)
    {
        if (happened.UserId != key)
        {
            return "user_id is not the record's key";
        }

        if (happened.Kind is EventKind.HandOver or EventKind.TakeOver)
        {
            return Fault(happened.HandOver, happened);
        }

        if (happened.Kind is < EventKind.View or > EventKind.Forget)
        {
            return "kind is unknown";
        }

        if (happened.Kind == EventKind.Forget)
        {
            return null;
        }

        if (happened.Kind == EventKind.Control)
        {
            return happened.LayerControl is { LayerId: > 0, Action: >= LayerAction.Boost and <= LayerAction.Clear }
                ? null
                : "the control names no layer or no action";
        }

        return (happened.Kind == EventKind.Search ? happened.Query : happened.ItemId).Length == 0 ? "the event has no subject" : null;
    }

    private static string? Fault(HandOver? order, UserEvent happened)
        => happened.Kind == EventKind.HandOver
            ? order is { ToUserId.Length: > 0 } && order.ToUserId != happened.UserId ? null : "it names nobody else who takes over"
            : order is { Profile: not null } ? null : "it has nothing to take over";
}

/// <summary>What became of an event.</summary>
internal enum EventOutcome
{
    Absorbed,
    Duplicate,
    SentAgain,
    HeldBefore,
    Forgotten,
    AggregateOnly,
    HandedOver,
    TakenOver,
}
