namespace Strata.Clustering.Naming;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The chat model's answer is not shown: {Reason}")]
    public static partial void Refused(this ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The chat model did not answer; layers keep their words")]
    public static partial void Failed(this ILogger logger, Exception fault);
}
