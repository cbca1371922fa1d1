using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Strata.Edge.Rates;

/// <summary>Wires what holds users and callers to a rate.</summary>
internal static class RatesServices
{
    public static IServiceCollection AddRates(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<RatesOptions, RatesOptionsValidator>().BindConfiguration(RatesOptions.SectionName);
        services.TryAddSingleton<UserRates>();
        services.TryAddSingleton<KeyRates>();
        return services;
    }
}
