using Polly;
using Polly.Retry;

namespace Strata.Streaming.Consuming.Partitions;

/// <summary>How often and how soon a failed partition is started again.</summary>
internal static class PartitionRestarts
{
    public static ResiliencePipeline Pipeline(ConsumerEnvironment consumer)
    {
        var options = consumer.Options;
        return options.FailureBudget == 1
            ? ResiliencePipeline.Empty
            : new ResiliencePipelineBuilder { Name = $"restart {consumer.Group}", TimeProvider = consumer.Time }
                .AddRetry(new RetryStrategyOptions
                {
                    ShouldHandle = new PredicateBuilder().Handle<PartitionFaultException>(),
                    MaxRetryAttempts = options.FailureBudget - 1,
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,
                    Delay = options.RestartDelay,
                    MaxDelay = options.MaxRestartDelay,
                    OnRetry = retry =>
                    {
                        consumer.Logger.PartitionRestarts(consumer.Group, retry.RetryDelay, retry.AttemptNumber + 1, options.FailureBudget);
                        return default;
                    },
                })
                .Build();
    }
}

/// <summary>A partition's handler failed; the cause is inside.</summary>
internal sealed class PartitionFaultException(Exception inner) : Exception(inner.Message, inner);
