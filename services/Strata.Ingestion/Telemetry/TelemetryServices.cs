using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Strata.Ingestion.Telemetry;

internal static class IngestionMetricsServices
{
    public static IServiceCollection AddIngestionMetrics(this IServiceCollection services)
    {
        services.TryAddSingleton<IngestionMetrics>();
        return services;
    }
}
