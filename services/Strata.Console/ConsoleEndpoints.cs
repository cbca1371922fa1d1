using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Strata.Console;

/// <summary>
/// Wires the web console into a host: a page that watches layers form and slates change, and lets users and operators act on them, by the
/// host's JSON calls only.
/// </summary>
public static class ConsoleEndpoints
{
    /// <summary>
    /// Nothing but the host's own files and calls, and no text that becomes markup or code: where a title holds HTML, the browser itself
    /// refuses it.
    /// </summary>
    private const string ContentSecurityPolicy =
        "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'; require-trusted-types-for "
            + "'script'; trusted-types 'none'";

    /// <summary>
    /// Maps the page to <c>/</c>, its parts to <c>/console/…</c>, and what the host tells of itself to <c>/console/now</c>,
    /// <c>/console/history</c>, <c>/console/lag</c>, <c>/console/letters</c> and <c>/console/evaluations</c>.
    /// </summary>
    /// <param name="endpoints">Of a host that serves the JSON calls of Ranking and Ingestion.</param>
    /// <param name="host">What the host knows beyond those calls.</param>
    public static IEndpointRouteBuilder MapConsole(this IEndpointRouteBuilder endpoints, ConsoleHost host)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(host);
        foreach (var file in ConsoleFile.All())
        {
            endpoints.MapMethods(
                file.Path,
                [HttpMethods.Get, HttpMethods.Head],
                (HttpContext context) => Serve(file, context.Response.Headers))
                .ExcludeFromDescription().AllowAnonymous();
        }

        endpoints.MapGet("/console/now", (HttpContext context) =>
        {
            context.Response.Headers.CacheControl = "no-store";
            return TypedResults.Json(host.Now());
        }).ExcludeFromDescription().WithMetadata(new AuthorizeAttribute("read"));
        endpoints.MapGet("/console/history", (HttpContext context, long? after) =>
        {
            context.Response.Headers.CacheControl = "no-store";
            return TypedResults.Json(host.History.Since(after ?? 0));
        }).ExcludeFromDescription().WithMetadata(new AuthorizeAttribute("operate"));
        endpoints.MapGet("/console/lag", (HttpContext context) =>
        {
            context.Response.Headers.CacheControl = "no-store";
            return TypedResults.Json(host.Lags.Read());
        }).ExcludeFromDescription().WithMetadata(new AuthorizeAttribute("operate"));
        LettersEndpoints.Map(endpoints, host.Letters);
        EvaluationEndpoints.Map(endpoints, host.Runs);
        return endpoints;
    }

    private static FileContentHttpResult Serve(ConsoleFile file, IHeaderDictionary headers)
    {
        headers.CacheControl = "no-cache";
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        return TypedResults.Bytes(file.Bytes, file.ContentType, entityTag: new EntityTagHeaderValue(file.Tag));
    }
}
