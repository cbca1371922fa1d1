using Microsoft.Extensions.Options;
using Strata.Contracts;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Edge.Calls;
using Strata.Edge.Consents;
using Strata.Edge.Rates;
using Strata.Edge.Requests;
using Strata.Ingestion.Catalog;
using Strata.Ingestion.Events.Core;
using Strata.Ingestion.Telemetry;
using Strata.Streaming.Publishing;

namespace Strata.Ingestion.Events;

/// <summary>Checks an event, publishes it and answers after the broker's acknowledgement.</summary>
internal sealed class EventIntake(
    IPublisher publisher,
    KnownItems items,
    IOptions<EventOptions> options,
    IOptions<IngestionOptions> ingestion,
    TimeProvider time,
    EventClock clock,
    UserRates rates,
    UserConsents consents,
    IngestionMetrics metrics)
{
    public async Task<PublishEventResponse> PublishAsync(PublishEventRequest request, CancellationToken cancellationToken)
    {
        var accepted = Accept(request);
        var kind = EventRules.Name(accepted.Kind);
        var (store, personalise) = consents.Of(accepted.UserId);
        if (!store)
        {
            metrics.Accepted(kind);
            return new PublishEventResponse { EventId = accepted.EventId };
        }

        accepted.AggregateOnly = !personalise;
        try
        {
            var position = await metrics.PublishingAsync(
                Topics.Events,
                () => publisher.PublishAsync(
                    Topics.Events, accepted.UserId, accepted, accepted.EventTime.ToDateTimeOffset(), cancellationToken));
            metrics.Accepted(kind);
            return new PublishEventResponse
            {
                EventId = accepted.EventId,
                AsOf = personalise ? new AsOfToken(position.Partition, position.Offset, position.Log).ToString() : "",
            };
        }
        catch (PublishException)
        {
            metrics.Rejected(kind, "publish");
            throw;
        }
    }

    /// <summary>The same as one answer among many: a refusal is an answer; only a fault nobody foresaw is thrown.</summary>
    public async Task<PublishEventsResponse> AnswerAsync(ulong index, PublishEventRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return new PublishEventsResponse { Index = index, Accepted = await PublishAsync(request, cancellationToken) };
        }
        catch (Exception fault) when (Faults.StatusOf(fault) is { } status)
        {
            var field = fault is InvalidRequestException { Violations: [var first, ..] } ? first.Field : string.Empty;
            return new PublishEventsResponse
            {
                Index = index,
                Rejected = new Rejection { Code = (int)status.StatusCode, Field = field, Message = status.Detail },
            };
        }
    }

    private UserEvent Accept(PublishEventRequest request)
    {
        var violations = new Violations();
        var clean = EventRules.Clean(
            request.Event, options.Value, time.GetUtcNow(), clock.Now(), now => Guid.CreateVersion7(now).ToString(), violations);
        if (clean is null)
        {
            metrics.Rejected(EventRules.Name(request.Event?.Kind ?? EventKind.Unspecified), violations.Found[0].Field);
            throw new InvalidRequestException(violations.Found);
        }

        RequireRate(clean);
        if (clean.ItemId.Length > 0 && ingestion.Value.UnknownItems == UnknownItems.Reject)
        {
            RequireKnown(clean);
        }

        return clean;
    }

    private void RequireRate(UserEvent clean)
    {
        try
        {
            rates.Require("event.user_id", clean.UserId);
        }
        catch (InvalidRequestException)
        {
            metrics.Rejected(EventRules.Name(clean.Kind), "rate");
            throw;
        }
    }

    private void RequireKnown(UserEvent clean)
    {
        if (items.Contains(clean.ItemId))
        {
            return;
        }

        var complete = items.IsComplete;
        metrics.Rejected(EventRules.Name(clean.Kind), complete ? "unknown_item" : "not_ready");
        throw complete ? UnknownItem(clean.ItemId) : KnownItems.NotReady();
    }

    private static InvalidRequestException UnknownItem(string itemId)
        => new("event.item_id", $"item_id '{itemId}' is not in the catalogue: put it first with PutItems (POST /v1/items)")
        {
            Code = Grpc.Core.StatusCode.FailedPrecondition,
        };
}
