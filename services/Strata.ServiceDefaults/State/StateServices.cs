using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Strata.ServiceDefaults.State;

/// <summary>Wires the state store.</summary>
internal static class StateServices
{
    public static IServiceCollection AddStateStore(this IServiceCollection services)
    {
        services.TryAddSingleton<IStateStore, RedisStateStore>();
        return services;
    }
}
