using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace Strata.Edge.Rates;

/// <summary>Who calls.</summary>
public static class Callers
{
    private const string Subject = "sub";

    /// <summary>The name of a key or the subject of a token; null where nobody says who they are.</summary>
    public static string? Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.User.FindFirst(ClaimTypes.Name)?.Value ?? context.User.FindFirst(Subject)?.Value;
    }
}
