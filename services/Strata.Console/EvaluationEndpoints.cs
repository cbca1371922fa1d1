using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Strata.Console;

/// <summary>What the page asks of the evaluator's runs: for operators.</summary>
internal static class EvaluationEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints, EvaluationRuns runs)
    {
        Add(endpoints.MapGet("/console/evaluations", (HttpContext context) =>
        {
            context.Response.Headers.CacheControl = "no-store";
            return TypedResults.Json(runs.List());
        }));
        Add(endpoints.MapGet("/console/evaluation", async (HttpContext context, string name) =>
        {
            context.Response.Headers.CacheControl = "no-store";
            try
            {
                return Results.Json(await runs.ShowAsync(name, context.RequestAborted));
            }
            catch (InvalidDataException fault)
            {
                return Results.Json(new { fault.Message }, statusCode: StatusCodes.Status400BadRequest);
            }
        }));
    }

    private static void Add(RouteHandlerBuilder endpoint)
        => endpoint.ExcludeFromDescription().WithMetadata(new AuthorizeAttribute("operate"));
}
