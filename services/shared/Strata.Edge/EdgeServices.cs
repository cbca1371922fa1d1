using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Strata.Edge.Calls;
using Strata.Edge.OpenApi;
using Strata.Edge.Rates;
using Strata.Edge.ServerEvents;

namespace Strata.Edge;

/// <summary>What a host with calls of its own has beside the service defaults.</summary>
public static class EdgeServices
{
    /// <summary>Adds gRPC with JSON, what faults become for callers, rates of users, and the OpenAPI document.</summary>
    public static IHostApplicationBuilder AddEdge(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddCalls().AddRates().AddOpenApiDocument();
        return builder;
    }

    /// <summary>Maps gRPC reflection, <c>/openapi/v1.json</c> and the checks before every call.</summary>
    public static WebApplication MapEdge(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseServerEvents();
        app.UseCalls();
        app.MapOpenApiDocument();
        return app;
    }
}
