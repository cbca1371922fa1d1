using Microsoft.Extensions.Logging;

namespace Strata.Streaming.Consuming.Hosting;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "{Group}: left the group")]
    public static partial void ConsumerClosed(this ILogger logger, string group);

    [LoggerMessage(LogLevel.Error, "{Group} can't go on; what the host serves does not need it, and it begins again in {Delay}")]
    public static partial void BeginsAgain(this ILogger logger, Exception fault, string group, TimeSpan delay);

    [LoggerMessage(
        LogLevel.Warning,
        "{Group}: stood still for {Limit} though the broker answers: {What}; new clients go on from the committed positions")]
    public static partial void Stalled(this ILogger logger, string group, string what, TimeSpan limit);
}
