using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Strata.Ranking.Impressions;

/// <summary>Wires the log of what was served.</summary>
internal static class ImpressionsServices
{
    public static IServiceCollection AddImpressions(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<ImpressionsOptions, ImpressionsOptionsValidator>()
            .BindConfiguration(ImpressionsOptions.SectionName);
        services.TryAddSingleton<ImpressionsMetrics>();
        services.TryAddSingleton<ImpressionLog>();
        services.TryAddSingleton<IImpressionLog>(provider => provider.GetRequiredService<ImpressionLog>());
        services.AddHostedService(provider => provider.GetRequiredService<ImpressionLog>());
        return services;
    }
}
