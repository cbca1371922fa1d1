using Microsoft.Extensions.Options;
using Strata.Contracts;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Edge.Calls;
using Strata.Edge.Consents;
using Strata.Edge.Rates;
using Strata.Edge.Requests;
using Strata.Ingestion.Catalog;
using Strata.Ingestion.Cleaning;
using Strata.Ingestion.Cleaning.Core;
using Strata.Ingestion.Events.Core;
using Strata.Ingestion.Telemetry;
using Strata.ServiceDefaults.Pseudonyms;
using Strata.Streaming.Publishing;

namespace Strata.Ingestion.Events;

/// <summary>Cleans an event, publishes it and answers after the broker's acknowledgement.</summary>
internal sealed class EventIntake(
    IPublisher publisher,
    KnownItems items,
    IOptions<EventOptions> options,
    IOptions<IngestionOptions> ingestion,
    IOptions<CleaningOptions> cleaning,
    RecentActs acts,
    TimeProvider time,
    EventClock clock,
    UserRates rates,
    UserConsents consents,
    UserNames names,
    IngestionMetrics metrics)
{
    public Task<PublishEventResponse> PublishAsync(PublishEventRequest request, CancellationToken cancellationToken)
        => PublishAsync(request, new RuleRun(), cancellationToken);

    /// <summary>The same as one answer among many: a refusal is an answer; only a fault nobody foresaw is thrown.</summary>
    public async Task<PublishEventsResponse> AnswerAsync(ulong index, PublishEventRequest request, CancellationToken cancellationToken)
    {
        var run = new RuleRun();
        try
        {
            return new PublishEventsResponse { Index = index, Accepted = await PublishAsync(request, run, cancellationToken) };
        }
        catch (Exception fault) when (Faults.StatusOf(fault) is { } status)
        {
            var field = fault is InvalidRequestException { Violations: [var first, ..] } ? first.Field : string.Empty;
            return new PublishEventsResponse
            {
                Index = index,
                Rejected = new Rejection
                {
                    Code = (int)status.StatusCode,
                    Field = field,
                    Message = status.Detail,
                    Rule = run.RefusedBy ?? string.Empty,
                },
            };
        }
    }

    private async Task<PublishEventResponse> PublishAsync(PublishEventRequest request, RuleRun run, CancellationToken cancellationToken)
    {
        var clean = Accept(request, run);
        var (store, personalise) = consents.Of(clean.UserId);
        if (!store)
        {
            metrics.Accepted(EventRules.Name(clean.Kind));
            return new PublishEventResponse { EventId = clean.EventId, Rules = { run.Touched } };
        }

        clean.AggregateOnly = !personalise;
        clean.UserId = names.Of(clean.UserId);
        var judged = acts.Judge(clean);
        if (judged.Sign != BotSign.None)
        {
            await SendAsync(Topics.Quarantine.Name, clean, cancellationToken);
            metrics.SetAside(judged.Sign);
            return new PublishEventResponse { EventId = clean.EventId, Rules = { run.Touched, RuleNames.Bots } };
        }

        if (judged.Earlier is { } earlier && await earlier.Answer.WaitAsync(cancellationToken) is { } answer)
        {
            metrics.Cleaned(RuleNames.Repeats, IngestionMetrics.Collapsed);
            return new PublishEventResponse { EventId = answer.EventId, AsOf = answer.AsOf, Rules = { run.Touched, RuleNames.Repeats } };
        }

        PublishEventResponse? published = null;
        try
        {
            var position = await SendAsync(Topics.Events, clean, cancellationToken);
            published = new PublishEventResponse
            {
                EventId = clean.EventId,
                AsOf = personalise ? new AsOfToken(position.Partition, position.Offset, position.Log).ToString() : "",
                Rules = { run.Touched },
            };
        }
        finally
        {
            judged.Act?.Complete(published);
        }

        metrics.Accepted(EventRules.Name(clean.Kind));
        return published;
    }

    private async Task<PublishedPosition> SendAsync(string topic, UserEvent clean, CancellationToken cancellationToken)
    {
        try
        {
            return await metrics.PublishingAsync(
                topic,
                () => publisher.PublishAsync(topic, clean.UserId, clean, clean.EventTime.ToDateTimeOffset(), cancellationToken));
        }
        catch (PublishException)
        {
            metrics.Rejected(EventRules.Name(clean.Kind), "publish");
            throw;
        }
    }

    private UserEvent Accept(PublishEventRequest request, RuleRun run)
    {
        try
        {
            var clean = EventRules.Clean(
                request.Event,
                options.Value,
                cleaning.Value,
                time.GetUtcNow(),
                clock.Now(),
                now => Guid.CreateVersion7(now).ToString(),
                run);
            if (clean is null)
            {
                metrics.Rejected(EventRules.Name(request.Event?.Kind ?? EventKind.Unspecified), run.Violations.Found[0].Field);
                throw new InvalidRequestException(run.Violations.Found);
            }

            RequireRate(clean, run);
            if (clean.ItemId.Length > 0 && ingestion.Value.UnknownItems == UnknownItems.Reject)
            {
                RequireKnown(clean, run);
            }

            return clean;
        }
        finally
        {
            metrics.Cleaned(run);
        }
    }

    private void RequireRate(UserEvent clean, RuleRun run)
    {
        try
        {
            rates.Require("event.user_id", clean.UserId);
        }
        catch (InvalidRequestException)
        {
            run.Refuse(RuleNames.Rates);
            metrics.Rejected(EventRules.Name(clean.Kind), "rate");
            throw;
        }
    }

    private void RequireKnown(UserEvent clean, RuleRun run)
    {
        if (items.Contains(clean.ItemId))
        {
            return;
        }

        var complete = items.IsComplete;
        run.Refuse(RuleNames.Catalogue);
        metrics.Rejected(EventRules.Name(clean.Kind), complete ? "unknown_item" : "not_ready");
        throw complete ? UnknownItem(clean.ItemId) : KnownItems.NotReady();
    }

    private static InvalidRequestException UnknownItem(string itemId)
        => new("event.item_id", $"item_id '{itemId}' is not in the catalogue: put it first with PutItems (POST /v1/items)")
        {
            Code = Grpc.Core.StatusCode.FailedPrecondition,
        };
}
