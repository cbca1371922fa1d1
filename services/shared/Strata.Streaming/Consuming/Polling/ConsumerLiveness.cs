using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Strata.Streaming.Consuming.Polling;

/// <summary>Fails where a restart is all that is left: the clients of a consumer stand still though they were replaced twice.</summary>
internal sealed class ConsumerLiveness(string group, ConsumerState state) : IHealthCheck
{
    private const int Replacements = 2;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult(state.Stalls > Replacements
            ? HealthCheckResult.Unhealthy($"consumer {group} stands still though its clients were replaced {state.Stalls - 1} times")
            : HealthCheckResult.Healthy($"the clients of consumer {group} work"));
}
