using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Strata.Edge.Calls;

/// <summary>Looks at each message of a caller, that of a call and each of a stream, before its handler does.</summary>
internal abstract class EachMessage : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Look(request, context);
        return continuation(request, context);
    }

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation)
        => continuation(new SeenRequests<TRequest>(requestStream, this, context), context);

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Look(request, context);
        return continuation(request, responseStream, context);
    }

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
        => continuation(new SeenRequests<TRequest>(requestStream, this, context), responseStream, context);

    /// <summary>Looks at the message of a call; what it throws is what the call ends with.</summary>
    protected abstract void Look(object message, ServerCallContext context);

    /// <summary>Looks at the next message of a stream, which it may let wait.</summary>
    protected virtual ValueTask LookAsync(object message, ServerCallContext context, CancellationToken cancellationToken)
    {
        Look(message, context);
        return ValueTask.CompletedTask;
    }

    private sealed class SeenRequests<T>(IAsyncStreamReader<T> requests, EachMessage looks, ServerCallContext context)
        : IAsyncStreamReader<T>
        where T : class
    {
        public T Current => requests.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            var more = await requests.MoveNext(cancellationToken);
            if (more)
            {
                await looks.LookAsync(requests.Current, context, cancellationToken);
            }

            return more;
        }
    }
}
