using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Microsoft.AspNetCore.Http;

namespace Strata.Edge.Calls;

/// <summary>Errors over JSON, in the shape of <c>google.rpc.Status</c>: code, message, details.</summary>
internal static class JsonErrors
{
    /// <summary>Messages that occur in <c>details</c>.</summary>
    public static TypeRegistry DetailTypes { get; } = TypeRegistry.FromMessages(BadRequest.Descriptor, RetryInfo.Descriptor);

    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithTypeRegistry(DetailTypes));

    public static Task WriteAsync(HttpContext context, int httpStatus, Status status)
    {
        context.Response.StatusCode = httpStatus;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(Formatter.Format(status), context.RequestAborted);
    }
}
