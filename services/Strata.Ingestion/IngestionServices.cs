using Strata.Edge.Consents;
using Strata.Edge.OpenApi;
using Strata.Ingestion.Catalog;
using Strata.Ingestion.Cleaning;
using Strata.Ingestion.CloudEvents;
using Strata.Ingestion.Events;
using Strata.Ingestion.Lines;
using Strata.Ingestion.Telemetry;
using Strata.Ingestion.Users;
using Strata.ServiceDefaults.Pseudonyms;
using Strata.Streaming;
using IngestionContract = Strata.Contracts.Ingestion.V1.Ingestion;

namespace Strata.Ingestion;

/// <summary>The service that takes events, items and users in, and puts what is good on its topic.</summary>
public static class IngestionServices
{
    /// <summary>Adds the rooms of Ingestion. Needs <c>AddServiceDefaults</c> and <c>AddEdge</c>.</summary>
    public static IHostApplicationBuilder AddIngestion(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services
            .AddIngestionMetrics()
            .AddCleaning()
            .AddPseudonyms()
            .AddConsents()
            .AddEvents()
            .AddLines()
            .AddCloudEvents()
            .AddCatalog()
            .AddUsers()
            .AddBrokerCheck()
            .AddDocumentedService(IngestionContract.Descriptor);
        return builder;
    }

    /// <summary>Maps the gRPC service, its JSON calls, and the other ways in for events.</summary>
    public static WebApplication MapIngestion(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapGrpcService<IngestionService>();
        app.MapLines();
        app.MapCloudEvents();
        return app;
    }
}
