using Microsoft.Extensions.DependencyInjection.Extensions;
using Strata.Ingestion.Catalog;
using Strata.Ingestion.Events;
using Strata.Ingestion.Users;
using Strata.Edge.OpenApi;
using IngestionContract = Strata.Contracts.Ingestion.V1.Ingestion;

namespace Strata.Ingestion;

/// <summary>Wires Ingestion into a host.</summary>
public static class IngestionHost
{
    /// <summary>Adds the rooms of Ingestion. Needs <c>AddServiceDefaults</c>.</summary>
    public static IHostApplicationBuilder AddIngestion(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services
            .AddEvents()
            .AddCatalog()
            .AddUsers()
            .AddDocumentedService(IngestionContract.Descriptor)
            .TryAddSingleton<IngestionMetrics>();
        return builder;
    }

    /// <summary>Maps the gRPC service and its JSON calls.</summary>
    public static WebApplication MapIngestion(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapGrpcService<IngestionService>();
        return app;
    }
}
