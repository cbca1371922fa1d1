using Microsoft.Extensions.DependencyInjection;
using Strata.ServiceDefaults.Redis;

namespace Strata.ServiceDefaults.State;

/// <summary>The online store for a host that has one.</summary>
public static class StateServices
{
    /// <summary>
    /// Adds Redis, its health check and the state store on it. A service that does not call it is healthy without Redis. A second call
    /// changes nothing.
    /// </summary>
    public static IServiceCollection AddStateStore(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.Any(s => s.ServiceType == typeof(IStateStore))
            ? services
            : services
                .AddRedis()
                .AddMetrics()
                .AddSingleton<StateMetrics>()
                .AddSingleton<Quarantine>()
                .AddSingleton<IStateStore, RedisStateStore>();
    }
}
