using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Strata.Ranking.Policies;

/// <summary>Wires the calls that show policies and go back to one.</summary>
internal static class PoliciesServices
{
    public static IServiceCollection AddPolicies(this IServiceCollection services)
    {
        services.TryAddSingleton<PolicyRollback>();
        return services;
    }
}
