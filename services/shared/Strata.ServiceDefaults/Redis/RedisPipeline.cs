using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace Strata.ServiceDefaults.Redis;

/// <summary>The one way commands are sent to Redis: total timeout, retry, breaker, attempt timeout.</summary>
internal static class RedisPipeline
{
    /// <summary>Name in the registry of pipelines and in Polly's telemetry.</summary>
    public const string Name = "redis";

    public static void Build(ResiliencePipelineBuilder builder, RedisOptions options)
        => builder
            .AddTimeout(options.TotalTimeout)
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Exception>(RedisFaults.IsUnavailable),
                MaxRetryAttempts = options.Retries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.RetryDelay,
                MaxDelay = options.MaxRetryDelay,
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Exception>(RedisFaults.IsTransient),
                FailureRatio = options.BreakerFailureRatio,
                MinimumThroughput = options.BreakerMinimumAttempts,
                SamplingDuration = options.BreakerWindow,
                BreakDuration = options.BreakerDuration,
            })
            .AddTimeout(options.AttemptTimeout);
}
