using System.Net.Mime;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Strata.Edge.ServerEvents;

/// <summary>
/// Answers a JSON call of a stream with server-sent events where it is asked for them (<c>Accept: text/event-stream</c>): each line of the
/// answer is the data of one. What is refused before the stream begins stays plain JSON with its status.
/// </summary>
internal sealed class EventStreams(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>()?.MethodDescriptor.IsServerStreaming is not true
            || !context.Request.GetTypedHeaders().Accept.Any(
                accepted => accepted.MediaType.Equals(MediaTypeNames.Text.EventStream, StringComparison.OrdinalIgnoreCase)))
        {
            await next(context);
            return;
        }

        var body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        context.Response.OnStarting(() =>
        {
            if (context.Response.StatusCode == StatusCodes.Status200OK)
            {
                context.Response.ContentType = MediaTypeNames.Text.EventStream;
                context.Response.Headers.CacheControl = "no-cache";
            }

            return Task.CompletedTask;
        });
        await using var events = new LineEvents(body.Stream, () => context.Response.StatusCode == StatusCodes.Status200OK);
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(events, body));
        try
        {
            await next(context);
        }
        finally
        {
            context.Features.Set(body);
        }
    }
}
