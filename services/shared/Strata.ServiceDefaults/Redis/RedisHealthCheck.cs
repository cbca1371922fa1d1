using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Strata.ServiceDefaults.Redis;

internal sealed class RedisHealthCheck(RedisConnection connection, IStoreContact contact) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var multiplexer = await connection.MultiplexerAsync(cancellationToken);
            var latency = await multiplexer.GetDatabase().PingAsync().WaitAsync(cancellationToken);
            return contact.Refusal is { } refusal
                ? new HealthCheckResult(context.Registration.FailureStatus, $"Redis takes no writes: {refusal}")
                : HealthCheckResult.Healthy($"answered in {latency.TotalMilliseconds:0.0} ms");
        }
        catch (Exception fault) when (RedisFaults.IsTransient(fault) || fault is OperationCanceledException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "Redis does not answer", fault);
        }
    }
}
