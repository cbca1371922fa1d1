using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Http;
using Strata.ServiceDefaults.Access;

namespace Strata.Edge.Calls;

/// <summary>Holds a caller whose key or token is bound to one user to that user: a call that names another is PERMISSION_DENIED.</summary>
internal sealed class CallerBinding : Interceptor
{
    private const string UserField = "user_id";
    private const string UsersField = "user_ids";

    /// <summary>The user that the caller is held to; null: to none.</summary>
    public static string? BoundTo(HttpContext context) => context.User.FindFirst(Scopes.UserClaim)?.Value;

    /// <summary>Ends the call with PERMISSION_DENIED where the message names another user than this one.</summary>
    public static void Check(object? request, string? user)
    {
        if (user is not null && request is IMessage message && !OnlyNames(message, user))
        {
            throw new RpcException(new Status(StatusCode.PermissionDenied, "This key is bound to one user, and the call names another."));
        }
    }

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Check(request, BoundTo(context));
        return continuation(request, context);
    }

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation)
        => continuation(Bound(requestStream, context), context);

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Check(request, BoundTo(context));
        return continuation(request, responseStream, context);
    }

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
        => continuation(Bound(requestStream, context), responseStream, context);

    private static IAsyncStreamReader<T> Bound<T>(IAsyncStreamReader<T> requests, ServerCallContext context)
        => BoundTo(context) is { } user ? new BoundRequests<T>(requests, user) : requests;

    private static string? BoundTo(ServerCallContext context) => BoundTo(context.GetHttpContext());

    /// <summary>No user_id in a message, however deep, is another's; an empty one is nobody's.</summary>
    private static bool OnlyNames(IMessage message, string user) => message.Descriptor.Fields.InDeclarationOrder().All(field
        => field.FieldType == FieldType.Message
            ? Messages(field, message).All(inner => OnlyNames(inner, user))
            : field.Name switch
            {
                UserField => (string)field.Accessor.GetValue(message) is var named && (named.Length == 0 || named == user),
                UsersField => ((IEnumerable<string>)field.Accessor.GetValue(message)).All(named => named == user),
                _ => true,
            });

    private static IEnumerable<IMessage> Messages(FieldDescriptor field, IMessage message) => field.Accessor.GetValue(message) switch
    {
        IMessage one => [one],
        System.Collections.IEnumerable many => many.OfType<IMessage>(),
        _ => [],
    };

    private sealed class BoundRequests<T>(IAsyncStreamReader<T> requests, string user) : IAsyncStreamReader<T>
    {
        public T Current => requests.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            var more = await requests.MoveNext(cancellationToken);
            Check(more ? requests.Current : default, user);
            return more;
        }
    }
}
