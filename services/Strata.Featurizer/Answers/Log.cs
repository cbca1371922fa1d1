namespace Strata.Featurizer.Answers;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Topic}[{Partition}]@{Offset} cannot be read and answers no query: {Reason}")]
    public static partial void Unreadable(this ILogger logger, string topic, int partition, long offset, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The plain texts that queries are compared beside cannot be encoded; the next search tries again: {Reason}")]
    public static partial void PlainTextsFailed(this ILogger logger, string reason);
}
