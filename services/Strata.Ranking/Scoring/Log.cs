namespace Strata.Ranking.Scoring;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "Policy {Version} is in force; its weights decide: {Trained}")]
    public static partial void PolicyInForce(this ILogger logger, ulong version, bool trained);

    [LoggerMessage(LogLevel.Error, "The policy at offset {Offset} is no such message, policy {Version} stays in force: {Reason}")]
    public static partial void PolicyRejected(this ILogger logger, long offset, ulong version, string reason);
}
