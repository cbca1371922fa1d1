using Microsoft.Extensions.DependencyInjection.Extensions;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Edge.OpenApi;
using Strata.Edge.OpenApi.Core;
using Strata.ServiceDefaults.Access;

namespace Strata.Ingestion.Lines;

internal static class LinesServices
{
    private const string Path = "/v1/events:batch";

    public static IServiceCollection AddLines(this IServiceCollection services)
    {
        services.TryAddSingleton<EventLines>();
        return services.AddDocumentedCall(new DocumentedCall(Path, "Ingestion_EventLines")
        {
            Tag = "Ingestion",
            Summary = "Publishes events, one a line of JSON (NDJSON), up to 10,000 in a call, and answers each by a line, in their order: "
                + "a refused line keeps no other one out.",
            Requests =
            {
                new DocumentedBody(
                    EventLines.MediaType, UserEvent.Descriptor, """{"userId":"ann","kind":"CLICK","itemId":"BEE-001"}"""),
            },
            Responses =
            {
                new DocumentedBody(
                    EventLines.MediaType,
                    PublishEventsResponse.Descriptor,
                    """{"index":"0","accepted":{"eventId":"0199e3a0-7c1e-7b4e-9d4f-3f6f5a2b8c01","asOf":"v1:3:42:1f","rules":[]}}"""),
            },
        });
    }

    public static void MapLines(this WebApplication app)
        => app.MapPost(Path, (HttpContext context, EventLines lines) => lines.RunAsync(context)).RequireAuthorization(Scopes.Events);
}
