using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Strata.Ranking.Serving;

namespace Strata.Ranking.Impressions;

/// <summary>Wires the room that logs what was served.</summary>
internal static class ImpressionsServices
{
    public static IServiceCollection AddImpressions(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<ImpressionsOptions>().BindConfiguration(ImpressionsOptions.SectionName);
        services.AddSingleton<IValidateOptions<ImpressionsOptions>, ImpressionsOptionsValidator>();
        services.TryAddSingleton<ImpressionsMetrics>();
        services.TryAddSingleton<ImpressionLog>();
        services.TryAddSingleton<IImpressionLog>(provider => provider.GetRequiredService<ImpressionLog>());
        services.AddHostedService(provider => provider.GetRequiredService<ImpressionLog>());
        return services;
    }
}
