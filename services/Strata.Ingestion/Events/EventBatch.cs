using Grpc.Core;
using Microsoft.Extensions.Options;
using Strata.Contracts.Ingestion.V1;
using Strata.Edge.Requests;
using Strata.Ingestion.Events.Core;
using Strata.Ingestion.Texts;

namespace Strata.Ingestion.Events;

/// <summary>Events of one call: all on their way to the broker before the first is waited for, answered in their order.</summary>
internal sealed class EventBatch(EventIntake intake, IOptions<EventOptions> options)
{
    public async Task<PublishBatchResponse> PublishAsync(PublishBatchRequest request, CancellationToken cancellationToken)
    {
        var violations = new Violations();
        violations.RequireBatch("events", request.Events.Count, options.Value.MaxBatch);
        violations.Throw();
        var answers = new Task<PublishEventsResponse>[request.Events.Count];
        for (var i = 0; i < answers.Length; i++)
        {
            answers[i] = AnswerAsync((ulong)i, new PublishEventRequest { Event = request.Events[i] }, cancellationToken);
        }

        return new PublishBatchResponse { Results = { await Task.WhenAll(answers) } };
    }

    // What was not acknowledged in time takes nothing from the answers of what was.
    private async Task<PublishEventsResponse> AnswerAsync(ulong index, PublishEventRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await intake.AnswerAsync(index, request, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new PublishEventsResponse
            {
                Index = index,
                Rejected = new Rejection { Code = (int)StatusCode.Unavailable, Message = CallBudget.Over },
            };
        }
    }
}
