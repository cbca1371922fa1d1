namespace Strata.Ranking.Impressions;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} impressions were lost since the last warning: {Reason}")]
    public static partial void Lost(this ILogger logger, long count, string reason, Exception? fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} impressions were still waiting when the time to stop was over")]
    public static partial void LeftBehind(this ILogger logger, int count);
}
