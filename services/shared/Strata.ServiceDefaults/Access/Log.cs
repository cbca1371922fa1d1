using Microsoft.Extensions.Logging;

namespace Strata.ServiceDefaults.Access;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "No key is needed: only this machine reaches {Address}")]
    public static partial void OpenOnLoopback(this ILogger logger, string address);

    [LoggerMessage(LogLevel.Warning, "No key is needed by whoever reaches {Address}, as Access:Anonymous says")]
    public static partial void OpenToAll(this ILogger logger, string address);

    [LoggerMessage(LogLevel.Warning, "Calls at {Address} are plain text, as Endpoints:PlainText says: keys can be read on the way")]
    public static partial void PlainText(this ILogger logger, string address);
}
