using Polly;
using Polly.Retry;

namespace Strata.Streaming.Consuming.Partitions;

/// <summary>
/// How often and how soon a failed partition is started again: as often as it takes while what it depends on is away, as often as the
/// budget says after any other fault, for ever where the host does not live for it.
/// </summary>
internal static class PartitionRestarts
{
    /// <summary>Longest wait for what is away: when it comes back, the partition goes on soon.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    public static ResiliencePipeline Pipeline(ConsumerEnvironment consumer)
    {
        var options = consumer.Options;
        var pipeline = new ResiliencePipelineBuilder { Name = $"restart {consumer.Group}", TimeProvider = consumer.Time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<PartitionWaitException>(),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.RestartDelay,
                MaxDelay = options.MaxRestartDelay < LongestWait ? options.MaxRestartDelay : LongestWait,
            });
        if (options.FailureBudget > 1 || !options.Essential)
        {
            pipeline.AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<PartitionFaultException>(),
                MaxRetryAttempts = options.Essential ? options.FailureBudget - 1 : int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.RestartDelay,
                MaxDelay = options.MaxRestartDelay,
                OnRetry = retry =>
                {
                    consumer.Logger.PartitionRestarts(consumer.Group, retry.RetryDelay, retry.AttemptNumber + 1, options.FailureBudget);
                    return default;
                },
            });
        }

        return pipeline.Build();
    }
}

/// <summary>A partition's handler failed; the cause is inside.</summary>
internal sealed class PartitionFaultException(Exception inner) : Exception(inner.Message, inner);

/// <summary>What a partition's handler depends on is away; the cause is inside.</summary>
internal sealed class PartitionWaitException(Exception inner) : Exception(inner.Message, inner);
