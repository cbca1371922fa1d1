using Microsoft.Extensions.Logging;

namespace Strata.Streaming.Consuming.Hosting;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "{Group}: left the group")]
    public static partial void ConsumerClosed(this ILogger logger, string group);
}
