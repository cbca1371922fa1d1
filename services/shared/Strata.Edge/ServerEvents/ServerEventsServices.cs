using Microsoft.AspNetCore.Builder;

namespace Strata.Edge.ServerEvents;

/// <summary>Streams as server-sent events.</summary>
internal static class ServerEventsServices
{
    public static void UseServerEvents(this WebApplication app) => app.UseMiddleware<EventStreams>();
}
