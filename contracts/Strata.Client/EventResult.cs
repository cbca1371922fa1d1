using Grpc.Core;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;

namespace Strata.Client;

/// <summary>What became of one event.</summary>
public sealed class EventResult
{
    private EventResult(UserEvent sent, StatusCode code, string message)
    {
        Event = sent;
        Code = code;
        Message = message;
    }

    /// <summary>The event as it was sent, with its id.</summary>
    public UserEvent Event { get; }

    /// <summary>True when it lies in the log, or a rule set it aside (<see cref="Rules"/>).</summary>
    public bool IsAccepted => Code == StatusCode.OK;

    /// <summary>The id that counts: the event's own, or that of the act it was taken to repeat (rule "repeats").</summary>
    public string EventId { get; private set; } = "";

    /// <summary>Hand it to <c>Recommend</c> to read your own write. Empty: nothing to wait for.</summary>
    public string AsOf { get; private set; } = "";

    /// <summary>Rules that touched an accepted event, in their order; the one that refused a refused one, if a rule did.</summary>
    public IReadOnlyList<string> Rules { get; private set; } = [];

    /// <summary>OK; or why not: of a retried one the last reason, of one still unsent at the end CANCELLED.</summary>
    public StatusCode Code { get; }

    /// <summary>Path of the field that was refused, for example <c>event.user_id</c>; empty where none was.</summary>
    public string Field { get; private set; } = "";

    /// <summary>What is wrong and what to do about it; empty when accepted.</summary>
    public string Message { get; }

    internal static EventResult Accepted(UserEvent sent, PublishEventResponse answer)
        => new(sent, StatusCode.OK, "") { EventId = answer.EventId, AsOf = answer.AsOf, Rules = answer.Rules };

    internal static EventResult Refused(UserEvent sent, Rejection why) => new(sent, (StatusCode)why.Code, why.Message)
    {
        EventId = sent.EventId,
        Field = why.Field,
        Rules = why.Rule.Length > 0 ? [why.Rule] : [],
    };

    internal static EventResult Failed(UserEvent sent, StatusCode code, string message)
        => new(sent, code, message) { EventId = sent.EventId };
}
