namespace Strata.Ranking.Serving;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "Warm after {Slates} slates in {Milliseconds:F0} ms")]
    public static partial void Warm(this ILogger logger, int slates, double milliseconds);

    [LoggerMessage(LogLevel.Warning, "The warm-up ended early; calls are answered, the first of them slowly")]
    public static partial void WarmUpFailed(this ILogger logger, Exception fault);
}
