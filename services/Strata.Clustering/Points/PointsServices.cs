using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Strata.Clustering.Interests;
using Strata.Contracts;
using Strata.Streaming;

namespace Strata.Clustering.Points;

/// <summary>Wires the room that handles interest points.</summary>
internal static class PointsServices
{
    private const string Group = "clustering-points";

    public static IServiceCollection AddPoints(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<PointsOptions>().BindConfiguration(PointsOptions.SectionName);
        services.AddOptionsWithValidateOnStart<InterestsOptions>().BindConfiguration(InterestsOptions.SectionName);
        services.AddSingleton<IValidateOptions<PointsOptions>, PointsOptionsValidator>();
        services.AddSingleton<IValidateOptions<InterestsOptions>, InterestsOptionsValidator>();
        services.TryAddSingleton<PointsMetrics>();
        return services.AddStreamConsumer<PointsHandlerFactory>(Group, Topics.InterestPoints);
    }
}
