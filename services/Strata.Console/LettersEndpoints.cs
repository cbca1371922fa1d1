using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Strata.Console;

/// <summary>What the page asks of dead letters and has done with them: for operators.</summary>
internal static class LettersEndpoints
{
    private const string Operators = "operate";

    /// <summary>What is to be done with letters that somebody saw.</summary>
    /// <param name="Ids">The letters, at least one.</param>
    /// <param name="Message">Sent in place of the original bytes of a single letter: JSON; null: those.</param>
    internal sealed record Wish(IReadOnlyList<string>? Ids, string? Message);

    public static void Map(IEndpointRouteBuilder endpoints, IConsoleLetters letters)
    {
        Add(endpoints.MapGet("/console/letters", (HttpContext context, long? known) => AnswerAsync(
            context, async () => await letters.ListAsync(known ?? 0, context.RequestAborted))));
        Add(endpoints.MapGet("/console/letter", (HttpContext context, string id) => AnswerAsync(
            context, () => letters.ShowAsync(id, context.RequestAborted))));
        Add(endpoints.MapPost("/console/letters/resend", (HttpContext context, Wish wish) => AnswerAsync(
            context, async () => new { Done = await letters.ResendAsync(IdsOf(wish), wish.Message, context.RequestAborted) })));
        Add(endpoints.MapPost("/console/letters/discard", (HttpContext context, Wish wish) => AnswerAsync(
            context, async () => new { Done = await letters.DiscardAsync(IdsOf(wish), context.RequestAborted) })));
    }

    private static IReadOnlyList<string> IdsOf(Wish wish)
        => wish.Ids is { Count: > 0 } ids && (ids.Count == 1 || wish.Message is null)
            ? ids
            : throw new InvalidDataException("ids: name at least one letter, and one only with a message in place of its own");

    private static void Add(RouteHandlerBuilder endpoint)
        => endpoint.ExcludeFromDescription().WithMetadata(new AuthorizeAttribute(Operators));

    private static async Task<IResult> AnswerAsync(HttpContext context, Func<Task<object>> answer)
    {
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            return Results.Json(await answer());
        }
        catch (InvalidDataException fault)
        {
            return Results.Json(new { fault.Message }, statusCode: StatusCodes.Status400BadRequest);
        }
        catch (TimeoutException fault)
        {
            return Results.Json(new { fault.Message }, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
