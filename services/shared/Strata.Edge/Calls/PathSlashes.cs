using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.AspNetCore.Http;

namespace Strata.Edge.Calls;

/// <summary>
/// Turns <c>%2F</c> in path parameters of JSON calls into the slash it stands for: the server decodes everything but that, and an id would
/// silently be another one.
/// </summary>
internal sealed class PathSlashes(RequestDelegate next)
{
    private const string EncodedSlash = "%2F";

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>() is not null)
        {
            foreach (var (name, value) in context.Request.RouteValues)
            {
                if (value is string text && text.Contains(EncodedSlash, StringComparison.OrdinalIgnoreCase))
                {
                    context.Request.RouteValues[name] = text.Replace(EncodedSlash, "/", StringComparison.OrdinalIgnoreCase);
                }
            }
        }

        return next(context);
    }
}
