using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Strata.ServiceDefaults.Pseudonyms;

/// <summary>Wires the names of users.</summary>
public static class PseudonymsServices
{
    /// <summary>Adds the names of users. A second call changes nothing.</summary>
    public static IServiceCollection AddPseudonyms(this IServiceCollection services)
    {
        services.AddOptions<PseudonymsOptions>().BindConfiguration(PseudonymsOptions.SectionName);
        services.TryAddSingleton<UserNames>();
        return services;
    }
}
