using Microsoft.Extensions.Logging;

namespace Strata.Streaming.Connecting;

internal static partial class Log
{
    [LoggerMessage(Message = "{Client}: {Line}")]
    public static partial void ClientLine(this ILogger logger, LogLevel level, string client, string line);

    [LoggerMessage(LogLevel.Error, "Kafka client {Client} can't go on: {Reason}")]
    public static partial void ClientFatal(this ILogger logger, string client, string reason);

    [LoggerMessage(Message = "Kafka client {Client}: {Code}: {Reason}")]
    public static partial void ClientError(this ILogger logger, LogLevel level, string client, string code, string reason);

    [LoggerMessage(LogLevel.Critical, "{Part} has failed for good; the host stops")]
    public static partial void HostStops(this ILogger logger, Exception fault, string part);

    [LoggerMessage("The broker doesn't answer a question about {What} ({Reason}); it is asked again")]
    public static partial void BrokerDoesNotAnswer(this ILogger logger, LogLevel level, string what, string reason);
}
