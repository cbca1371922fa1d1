namespace Strata.Ranking.Scoring;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "Policy {Version} is in force; its weights decide: {Trained}")]
    public static partial void PolicyInForce(this ILogger logger, ulong version, bool trained);
}
