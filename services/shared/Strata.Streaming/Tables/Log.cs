using Microsoft.Extensions.Logging;

namespace Strata.Streaming.Tables;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Warning, "{Group}: poll: {Code}: {Reason}")]
    public static partial void PollFault(this ILogger logger, string group, string code, string reason);

    [LoggerMessage(LogLevel.Information, "Table {Table} is caught up")]
    public static partial void TableCaughtUp(this ILogger logger, string table);
}
