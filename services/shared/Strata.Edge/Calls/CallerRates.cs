using System.Security.Claims;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Http;
using Strata.Edge.Rates;

namespace Strata.Edge.Calls;

/// <summary>
/// Counts each call, and each message of a stream, against the rate of who makes it. Where nobody says who they are nothing is counted.
/// </summary>
internal sealed class CallerRates(KeyRates rates) : Interceptor
{
    private const string Subject = "sub";

    /// <summary>Who calls; null where nobody says who they are.</summary>
    public static string? CallerOf(HttpContext context)
        => context.User.FindFirst(ClaimTypes.Name)?.Value ?? context.User.FindFirst(Subject)?.Value;

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Count(context);
        return continuation(request, context);
    }

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation)
        => continuation(Paced(requestStream, context), context);

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Count(context);
        return continuation(request, responseStream, context);
    }

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
        => continuation(Paced(requestStream, context), responseStream, context);

    private static string? CallerOf(ServerCallContext context) => CallerOf(context.GetHttpContext());

    private void Count(ServerCallContext context)
    {
        if (CallerOf(context) is { } caller)
        {
            rates.Require(caller);
        }
    }

    private IAsyncStreamReader<T> Paced<T>(IAsyncStreamReader<T> requests, ServerCallContext context)
        => CallerOf(context) is { } caller ? new PacedRequests<T>(requests, rates, caller) : requests;

    private sealed class PacedRequests<T>(IAsyncStreamReader<T> requests, KeyRates rates, string caller) : IAsyncStreamReader<T>
    {
        public T Current => requests.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            await rates.WaitAsync(caller, cancellationToken);
            return await requests.MoveNext(cancellationToken);
        }
    }
}
