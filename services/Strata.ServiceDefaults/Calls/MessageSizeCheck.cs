using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Strata.ServiceDefaults.Calls;

/// <summary>Says what to do when a message is too large. gRPC refuses such a message before any interceptor sees the call, and in words that don't help.</summary>
internal sealed class MessageSizeCheck(RequestDelegate next, IOptions<CallsOptions> options)
{
    private readonly string _refusal =
        $"The message is larger than {options.Value.MaxMessageBytes} bytes (setting Calls:MaxMessageBytes). Send fewer entries in a call, or shorten their texts.";

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>() is null)
        {
            await next(context);
            return;
        }

        if (IsGrpc(context.Request))
        {
            await next(context);
            Reword(context);
            return;
        }

        await next(context);
    }

    private static bool IsGrpc(HttpRequest request) => request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) == true;

    private void Reword(HttpContext context)
    {
        var exhausted = StatusCode.ResourceExhausted.ToString("D");
        var trailers = context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers;
        if (trailers is { IsReadOnly: false } && trailers.TryGetValue("grpc-status", out var status) && status == exhausted)
        {
            trailers["grpc-message"] = _refusal;
        }
    }
}
