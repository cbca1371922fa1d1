namespace Strata.Console;

/// <summary>What the host of the page tells it beyond the JSON calls of Ranking and Ingestion.</summary>
/// <param name="Now">What there is now.</param>
/// <param name="Letters">Dead letters.</param>
/// <param name="History">The last hour.</param>
/// <param name="Lags">How far consumers are behind.</param>
/// <param name="Runs">Runs of the evaluator.</param>
public sealed record ConsoleHost(
    Func<ConsoleNow> Now,
    IConsoleLetters Letters,
    MetricHistory History,
    PartitionLags Lags,
    EvaluationRuns Runs);
