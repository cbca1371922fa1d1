using Microsoft.Extensions.Logging;

namespace Strata.ServiceDefaults;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "Strata {Service} {Version}, commit {Commit}")]
    public static partial void Starts(this ILogger logger, string service, string version, string commit);
}
