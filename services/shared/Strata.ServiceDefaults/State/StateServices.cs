using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Strata.ServiceDefaults.Redis;
using Strata.Streaming.Connecting;

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
        if (services.All(s => s.ServiceType != typeof(IStateStore)))
        {
            services.TryAddSingleton(TimeProvider.System);
            services
                .AddRedis()
                .AddMetrics()
                .AddSingleton<StateMetrics>()
                .AddSingleton<Quarantine>()
                .AddSingleton<IStateStore, RedisStateStore>()
                .AddSingleton<IDependencyFaults, StateDependency>();
        }

        return services;
    }
}
