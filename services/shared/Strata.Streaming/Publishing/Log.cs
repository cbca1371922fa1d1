using Microsoft.Extensions.Logging;

namespace Strata.Streaming.Publishing;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Warning, "A batch was not committed and its producer is replaced: {Reason}")]
    public static partial void BatchAborted(this ILogger logger, string reason);

    [LoggerMessage(LogLevel.Warning, "The publisher's producer is replaced: {Reason}")]
    public static partial void PublisherReplaced(this ILogger logger, string reason);
}
