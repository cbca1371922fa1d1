using Microsoft.Extensions.Logging;

namespace Strata.Edge.Calls;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Error, "Call {Method} failed unexpectedly (trace {TraceId})")]
    public static partial void CallFailed(this ILogger logger, Exception? fault, string method, string traceId);

    [LoggerMessage(LogLevel.Debug, "Call {Path} brought no message of its type: {Reason}")]
    public static partial void NoMessage(this ILogger logger, string path, string reason);
}
