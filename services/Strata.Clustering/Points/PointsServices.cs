using Microsoft.Extensions.DependencyInjection.Extensions;
using Strata.Clustering.Points.Core;
using Strata.Contracts;
using Strata.Streaming;

namespace Strata.Clustering.Points;

/// <summary>Wires the workers: what handles interest points.</summary>
internal static class PointsServices
{
    private const string Group = "clustering-points";

    public static IServiceCollection AddPoints(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<PointsOptions, PointsOptionsValidator>().BindConfiguration(PointsOptions.SectionName);
        services.TryAddSingleton<PointsMetrics>();
        return services.AddStreamConsumer<PointsHandlerFactory>(Group, Topics.InterestPoints);
    }
}
