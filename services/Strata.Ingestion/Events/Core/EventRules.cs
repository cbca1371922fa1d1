using Google.Protobuf.WellKnownTypes;
using Strata.Contracts.Events.V1;
using Strata.Edge.Requests;
using Strata.Ingestion.Cleaning.Core;
using Strata.Ingestion.Texts;

namespace Strata.Ingestion.Events.Core;

/// <summary>Says whether an event can be taken, and makes the event that is published. Pure.</summary>
internal static class EventRules
{
    private static readonly string Kinds = string.Join(
        ", ",
        System.Enum.GetValues<EventKind>()
            .Where(k => k is not (EventKind.Unspecified or EventKind.Control or EventKind.Forget))
            .Where(k => k is not (EventKind.HandOver or EventKind.TakeOver))
            .Select(Name));

    /// <summary>The kind's name in the contract, for metrics and messages.</summary>
    public static string Name(EventKind kind) => System.Enum.IsDefined(kind) ? kind.ToString().ToUpperInvariant() : "UNKNOWN";

    /// <summary>
    /// The event to publish, after the rules that need no other event, in their order; null, with what is wrong in <paramref name="run"/>,
    /// when there is none.
    /// </summary>
    /// <param name="sent">What the producer sent; not changed.</param>
    /// <param name="options">Limits.</param>
    /// <param name="cleaning">Which rules are on.</param>
    /// <param name="now">Time of receipt.</param>
    /// <param name="happened">When an event without a time happened; null: at its receipt.</param>
    /// <param name="newId">Makes an event id.</param>
    /// <param name="run">Takes what the rules did.</param>
    public static UserEvent? Clean(
        UserEvent? sent,
        EventOptions options,
        CleaningOptions cleaning,
        DateTimeOffset now,
        DateTimeOffset? happened,
        Func<DateTimeOffset, string> newId,
        RuleRun run)
    {
        var violations = run.Violations;
        if (sent is null)
        {
            violations.Add("event", "is required");
            run.Refuse(RuleNames.Fields);
            return null;
        }

        var clean = sent.Clone();
        clean.ReceivedTime = now.ToTimestamp();
        clean.Query = cleaning.Unicode ? PlainText.Normalise(sent.Query) : sent.Query.Trim();
        run.Note(RuleNames.Unicode, clean.Query != sent.Query);
        CheckIds(clean, options, violations);
        CheckKind(clean, options, violations);
        run.Note(RuleNames.Fields, touched: false);
        run.Note(RuleNames.Times, TimesRule.Apply(clean, cleaning.Times, now, options.Oldest, options.MaxAhead, violations));
        run.Note(RuleNames.Defaults, DefaultsRule.Apply(clean, cleaning.Defaults, now, happened, newId));
        run.Note(RuleNames.Numbers, NumbersRule.Apply(clean, cleaning.Numbers, violations));
        run.Note(RuleNames.Languages, LanguagesRule.Apply(clean, cleaning.Languages, violations));
        return violations.None ? clean : null;
    }

    private static void CheckIds(UserEvent sent, EventOptions options, Violations violations)
    {
        violations.RequireId("event.user_id", sent.UserId, options.MaxIdLength);
        violations.LimitId("event.event_id", sent.EventId, options.MaxEventIdLength);
        violations.LimitId("event.request_id", sent.RequestId, options.MaxIdLength);
        violations.Require(
            sent.Position == 0 || sent.RequestId.Length > 0,
            "event.position",
            "means a position in a slate: send the slate's request_id with it");
    }

    private static void CheckKind(UserEvent sent, EventOptions options, Violations violations)
    {
        violations.Require(
            sent.Kind == EventKind.Control || sent.LayerControl is null,
            "event.layer_control",
            "must be absent: call Layers.ControlUserLayer");
        violations.Require(sent.HandOver is null, "event.hand_over", "must be absent: call Users.MergeUsers");
        switch (sent.Kind)
        {
            case EventKind.Search:
                violations.Require(
                    sent.ItemId.Length == 0, "event.item_id", "must be empty for SEARCH: send a CLICK for the item that was found");
                violations.Require(
                    PlainText.Shows(sent.Query), "event.query", "is required for SEARCH, and shows nothing: set it to what was typed");
                violations.LimitText("event.query", sent.Query, options.MaxQueryLength);
                break;
            case EventKind.Control:
                violations.Add(
                    "event.kind", "CONTROL is not taken here: call Layers.ControlUserLayer (POST /v1/users/{user_id}/layers/{layer_id})");
                break;
            case EventKind.Forget:
                violations.Add("event.kind", "FORGET is not taken here: call Users.ForgetUser (DELETE /v1/users/{user_id})");
                break;
            case EventKind.HandOver or EventKind.TakeOver:
                violations.Add(
                    "event.kind", $"{Name(sent.Kind)} is not taken here: call Users.MergeUsers (POST /v1/users/{{user_id}}/merge)");
                break;
            case var kind when kind == EventKind.Unspecified || !System.Enum.IsDefined(kind):
                violations.Add("event.kind", $"{(int)kind} is not a kind of event: send one of {Kinds}");
                break;
            default:
                violations.RequireItemId("event.item_id", sent.ItemId, options.MaxIdLength);
                violations.Require(sent.Query.Length == 0, "event.query", $"must be empty for {Name(sent.Kind)}: send a SEARCH of its own");
                break;
        }
    }
}
