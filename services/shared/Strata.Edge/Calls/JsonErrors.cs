using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Strata.Edge.Calls;

/// <summary>Errors over JSON, in the shape of <c>google.rpc.Status</c>: code, message, details.</summary>
internal static class JsonErrors
{
    /// <summary>Messages that occur in <c>details</c>.</summary>
    public static TypeRegistry DetailTypes { get; } = TypeRegistry.FromMessages(BadRequest.Descriptor, RetryInfo.Descriptor);

    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithTypeRegistry(DetailTypes));

    /// <summary>Gives words to a refusal of the server's own, which has none.</summary>
    public static Task WriteUnansweredAsync(HttpContext context)
    {
        var (code, message) = context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => (Code.NotFound, "No call has this method and address: the calls stand in /openapi/v1.json."),
            >= StatusCodes.Status500InternalServerError => (Code.Internal, "The call failed, and the log says why."),
            var status => (Code.InvalidArgument, $"{ReasonPhrases.GetReasonPhrase(status)}: the calls stand in /openapi/v1.json."),
        };
        return WriteAsync(context, context.Response.StatusCode, new Status { Code = (int)code, Message = message });
    }

    public static Task WriteAsync(HttpContext context, int httpStatus, Status status)
    {
        context.Response.StatusCode = httpStatus;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(Formatter.Format(status), context.RequestAborted);
    }
}
