using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Strata.Ingestion.Telemetry;

internal static class TelemetryServices
{
    public static IServiceCollection AddIngestionMetrics(this IServiceCollection services)
    {
        services.TryAddSingleton<IngestionMetrics>();
        return services;
    }
}
