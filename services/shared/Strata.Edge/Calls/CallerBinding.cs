using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Strata.ServiceDefaults.Access;

namespace Strata.Edge.Calls;

/// <summary>Holds a caller whose key or token is bound to one user to that user: a call that names another is PERMISSION_DENIED.</summary>
internal sealed class CallerBinding : EachMessage
{
    private const string UserField = "user_id";
    private const string UsersField = "user_ids";

    /// <summary>Ends the call with PERMISSION_DENIED where its caller is bound to one user and the message names another.</summary>
    public static void Check(object message, HttpContext context)
    {
        if (context.User.FindFirst(Scopes.UserClaim)?.Value is { } user && !OnlyNames((IMessage)message, user))
        {
            throw new RpcException(new Status(StatusCode.PermissionDenied, "This key is bound to one user, and the call names another."));
        }
    }

    protected override void Look(object message, ServerCallContext context) => Check(message, context.GetHttpContext());

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
}
