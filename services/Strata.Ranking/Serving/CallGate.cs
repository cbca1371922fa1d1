using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Strata.Ranking.Serving;

/// <summary>
/// Ports open before the tables are read and the first slates are made. A call that comes so early ends with UNAVAILABLE at once: an
/// empty slate with status OK would be taken for an answer, and a slow one would keep its caller from another instance.
/// </summary>
internal sealed class CallGate(WarmUp warmUp) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        => warmUp.IsOver ? continuation(request, context) : throw TooEarly();

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
        => warmUp.IsOver ? continuation(request, responseStream, context) : throw TooEarly();

    private static RpcException TooEarly()
        => new(new Status(StatusCode.Unavailable, "The catalogue and the policy are still being read after a start. Try again."));
}
