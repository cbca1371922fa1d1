using Microsoft.Extensions.Logging;

namespace Strata.ServiceDefaults.Files;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "Read {Path} again, which has changed")]
    public static partial void ReadAgain(this ILogger logger, string path);

    [LoggerMessage(LogLevel.Error, "{Path} has changed and cannot be read: what it held before stays in force")]
    public static partial void Unreadable(this ILogger logger, Exception fault, string path);
}
