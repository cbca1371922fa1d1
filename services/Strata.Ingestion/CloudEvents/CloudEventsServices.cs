using Microsoft.Extensions.DependencyInjection.Extensions;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Edge.OpenApi;
using Strata.Edge.OpenApi.Core;
using Strata.ServiceDefaults.Access;

namespace Strata.Ingestion.CloudEvents;

internal static class CloudEventsServices
{
    private const string Path = "/v1/cloudevents";

    private const string Example =
        """{"specversion":"1.0","id":"e-1","source":"/shop","type":"org.example.click","subject":"ann","data":{"itemId":"BEE-001"}}""";

    public static IServiceCollection AddCloudEvents(this IServiceCollection services)
    {
        services.TryAddSingleton<CloudEventCalls>();
        return services.AddDocumentedCall(new DocumentedCall(Path, "Ingestion_CloudEvents")
        {
            Tag = "Ingestion",
            Summary = "Publishes CloudEvents 1.0, structured, in binary mode (attributes in headers ce-id, ce-source, ce-type, …) or up "
                + "to 1,000 in a batch, whose answer is PublishBatch's. The id is the event's, the time when it happened, the last word of "
                + "the type its kind, the subject its user, the data its other fields.",
            Headers =
            {
                new DocumentedHeader("ce-specversion", "In binary mode, where the body is the data alone: 1.0.", "1.0"),
                new DocumentedHeader("ce-id", "In binary mode: the event's id.", "e-1"),
                new DocumentedHeader("ce-source", "In binary mode: where it happened.", "/shop"),
                new DocumentedHeader("ce-type", "In binary mode: its last word is the event's kind.", "org.example.click"),
                new DocumentedHeader("ce-subject", "In binary mode: the user, where the data names none.", "ann"),
            },
            Requests =
            {
                new DocumentedBody(CloudEventReader.Structured, null, Example),
                new DocumentedBody(CloudEventReader.Batched, null, $"[{Example}]"),
                new DocumentedBody("application/json", UserEvent.Descriptor, """{"userId":"ann","itemId":"BEE-001"}"""),
            },
            Responses =
            {
                new DocumentedBody(
                    "application/json", PublishEventResponse.Descriptor, """{"eventId":"e-1","asOf":"v1:3:42:1f","rules":[]}"""),
            },
        });
    }

    public static void MapCloudEvents(this WebApplication app)
        => app.MapPost(Path, (HttpContext context, CloudEventCalls calls) => calls.RunAsync(context)).RequireAuthorization(Scopes.Events);
}
