using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;
using Strata.Streaming.Telemetry;

namespace Strata.Streaming.Connecting;

/// <summary>
/// Asks the broker until it answers: a broker that is away or not ready yet is no reason to end, an answer that will never be another one
/// is.
/// </summary>
internal sealed class BrokerQuestions
{
    /// <summary>
    /// Unanswered times that are usual: leaders of topics made a moment ago are not known to every broker yet. They take about three
    /// seconds.
    /// </summary>
    private const int UsualAttempts = 5;

    private static readonly ResiliencePropertyKey<string> Question = new("question");
    private readonly ResiliencePipeline _pipeline;

    public BrokerQuestions(TimeProvider time, ILoggerFactory loggers)
    {
        var lines = new LineLimit(time);
        var logger = loggers.CreateLogger<BrokerQuestions>();
        _pipeline = new ResiliencePipelineBuilder { Name = "broker questions", TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Exception>(BrokerFaults.Transient),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromMilliseconds(100),
                MaxDelay = TimeSpan.FromSeconds(3),
                OnRetry = retry =>
                {
                    var what = retry.Context.Properties.GetValue(Question, "");
                    var level = retry.AttemptNumber < UsualAttempts ? LogLevel.Debug : LogLevel.Warning;
                    if (lines.Allows(what))
                    {
                        logger.BrokerDoesNotAnswer(level, what, retry.Outcome.Exception!.Message);
                    }

                    return default;
                },
            })
            .Build();
    }

    /// <summary>The answer to a call of the client that blocks, made on the pool.</summary>
    public Task<T> AskAsync<T>(string what, Func<T> question, CancellationToken cancellationToken)
        => AskAsync(what, () => Task.Run(question, CancellationToken.None), cancellationToken);

    /// <summary>The answer to an asynchronous call.</summary>
    public async Task<T> AskAsync<T>(string what, Func<Task<T>> question, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(Question, what);
        try
        {
            return await _pipeline.ExecuteAsync(
                static async (context, ask) => await ask().WaitAsync(context.CancellationToken), context, question);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }
}
