using Grpc.Core;
using Strata.Contracts.Ingestion.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Edge.Rates;

namespace Strata.Edge.Calls;

/// <summary>
/// Counts each call, and each message of a stream, against the rate of who makes it; what asks for many at once counts as many. Where
/// nobody says who they are nothing is counted.
/// </summary>
internal sealed class CallerRates(KeyRates rates) : EachMessage
{
    protected override void Look(object message, ServerCallContext context)
    {
        if (Callers.Of(context.GetHttpContext()) is { } caller)
        {
            rates.Require(caller, CallsOf(message));
        }
    }

    protected override ValueTask LookAsync(object message, ServerCallContext context, CancellationToken cancellationToken)
        => Callers.Of(context.GetHttpContext()) is { } caller
            ? rates.WaitAsync(caller, CallsOf(message), cancellationToken)
            : ValueTask.CompletedTask;

    /// <summary>A catalogue and attributes are put as a whole, by an operator; acts and slates could be asked for one by one.</summary>
    private static int CallsOf(object message) => message switch
    {
        PublishBatchRequest { Events.Count: > 0 and var events } => events,
        RecommendManyRequest { UserIds.Count: > 0 and var slates } => slates,
        _ => 1,
    };
}
