using Grpc.Core;
using Grpc.Core.Interceptors;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Scoring.Core;

namespace Strata.Ranking.Serving;

/// <summary>
/// Ports open before the tables are read. A call that comes so early ends with UNAVAILABLE: an empty slate with status OK would be taken
/// for an answer.
/// </summary>
internal sealed class CallGate(Catalogue catalogue, CurrentPolicy policies) : Interceptor
{
    /// <summary>True once what is served from memory has been read.</summary>
    public bool IsOpen => catalogue.IsComplete && policies.IsComplete;

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        => IsOpen
            ? continuation(request, context)
            : throw new RpcException(new Status(
                StatusCode.Unavailable, "The catalogue and the policy are still being read after a start. Try again."));
}
