using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Strata.Featurizer.TfIdf;

internal static class TfIdfRoom
{
    public static IServiceCollection AddTfIdf(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<TfIdfOptions, TfIdfOptionsValidator>().BindConfiguration(TfIdfOptions.SectionName);
        services.TryAddSingleton<DocumentFrequencyReader>();
        return services;
    }
}
