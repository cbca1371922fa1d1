using Microsoft.Extensions.DependencyInjection.Extensions;
using Strata.Ingestion.Cleaning.Core;

namespace Strata.Ingestion.Cleaning;

internal static class CleaningServices
{
    public static IServiceCollection AddCleaning(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<CleaningOptions, CleaningOptionsValidator>().BindConfiguration(CleaningOptions.SectionName);
        services.TryAddSingleton<RecentActs>();
        return services;
    }
}
