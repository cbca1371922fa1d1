using System.Globalization;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Strata.Edge.Calls;

/// <summary>
/// Says over gRPC what to do when a message is too large: gRPC refuses it before any interceptor sees the call, and in words that don't
/// help.
/// </summary>
internal sealed class OversizedMessages(RequestDelegate next, IOptions<CallsOptions> options)
{
    private const string StatusTrailer = "grpc-status";
    private const string MessageTrailer = "grpc-message";

    /// <summary>How gRPC's own refusal begins; other calls that end with RESOURCE_EXHAUSTED keep their words.</summary>
    private const string GrpcRefusal = "Received message exceeds";

    private static readonly string Exhausted = StatusCode.ResourceExhausted.ToString("D");

    private readonly string _refusal = Refusal(options.Value.MaxMessageBytes);

    public static string Refusal(int limit)
        => string.Create(
            CultureInfo.InvariantCulture,
            $"The message is larger than {limit} bytes (setting Calls:MaxMessageBytes). "
            + $"Send fewer entries in a call, or shorten their texts.");

    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
        if (context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>() is not null)
        {
            Reword(context.Response.Headers);
            Reword(context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers);
        }
    }

    private void Reword(IHeaderDictionary? trailers)
    {
        if (trailers is { IsReadOnly: false }
            && trailers.TryGetValue(StatusTrailer, out var status) && status == Exhausted
            && trailers.TryGetValue(MessageTrailer, out var message)
            && message.ToString().StartsWith(GrpcRefusal, StringComparison.Ordinal))
        {
            trailers[MessageTrailer] = _refusal;
        }
    }
}
