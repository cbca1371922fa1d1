using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Strata.ServiceDefaults.Health;

/// <summary>Health checks whose failure makes an answer worse and none impossible.</summary>
public static class DegradedChecks
{
    /// <summary>
    /// The checks of these names report at worst that the host is degraded: it stays ready, and the check's own entry says what is wrong.
    /// For a host that serves on without them.
    /// </summary>
    public static IServiceCollection CountAsDegraded(this IServiceCollection services, params string[] names)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.PostConfigure<HealthCheckServiceOptions>(options =>
        {
            foreach (var check in options.Registrations.Where(check => names.Contains(check.Name)))
            {
                var make = check.Factory;
                check.Factory = provider => new AtWorstDegraded(make(provider));
            }
        });
    }

    private sealed class AtWorstDegraded(IHealthCheck check) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            var result = await check.CheckHealthAsync(context, cancellationToken);
            return result.Status == HealthStatus.Unhealthy
                ? HealthCheckResult.Degraded(result.Description, result.Exception, result.Data)
                : result;
        }
    }
}
