using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;

namespace Strata.ServiceDefaults.Access;

/// <summary>
/// Refuses a caller in the words of the call: a status over gRPC, JSON over HTTP. Whether a key is unknown, expired or revoked is nobody's
/// matter who does not have it.
/// </summary>
internal sealed class Refusals(ForeignPages foreign) : IAuthorizationMiddlewareResultHandler
{
    private const int PermissionDenied = 7;
    private const int Unauthenticated = 16;

    public Task HandleAsync(
        RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
        {
            return next(context);
        }

        if (foreign.Fault(context.Request) is { } fault)
        {
            return RefuseAsync(context, StatusCodes.Status403Forbidden, PermissionDenied, fault);
        }

        if (!authorizeResult.Forbidden)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return RefuseAsync(
                context,
                StatusCodes.Status401Unauthorized,
                Unauthenticated,
                "This call needs a key or token that counts: send it as 'authorization: Bearer KEY'.");
        }

        var scope = context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>()?.Policy;
        return RefuseAsync(
            context,
            StatusCodes.Status403Forbidden,
            PermissionDenied,
            scope is null ? "This key opens nothing here." : $"This key does not open this call, which needs the scope '{scope}'.");
    }

    private static Task RefuseAsync(HttpContext context, int httpStatus, int code, string message)
    {
        if (context.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true)
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = code.ToString(System.Globalization.CultureInfo.InvariantCulture);
            context.Response.Headers["grpc-message"] = message;
            return Task.CompletedTask;
        }

        context.Response.StatusCode = httpStatus;
        return context.Response.WriteAsJsonAsync(new Refusal(code, message, []), context.RequestAborted);
    }

    /// <summary>In the shape of <c>google.rpc.Status</c>.</summary>
    private sealed record Refusal(int Code, string Message, IReadOnlyList<string> Details);
}
