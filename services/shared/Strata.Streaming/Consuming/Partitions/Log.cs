using Microsoft.Extensions.Logging;

namespace Strata.Streaming.Consuming.Partitions;

internal static partial class Log
{
    [LoggerMessage(
        LogLevel.Error,
        "{Group}: the handler of partition {Partition} has failed; the partition starts again from its committed position")]
    public static partial void HandlerFailed(this ILogger logger, Exception fault, string group, int partition);

    [LoggerMessage(
        LogLevel.Warning, "{Group}: partition {Partition} reads {Topic} again from offset {Offset}, for its state is behind: {Missing}")]
    public static partial void Rewinds(this ILogger logger, string group, int partition, string topic, long offset, string missing);

    [LoggerMessage(
        LogLevel.Warning, "{Group}: partition {Partition} waits for what it depends on, as long as it takes: {Fault}: {Reason}")]
    public static partial void HandlerWaits(this ILogger logger, string group, int partition, string fault, string reason);

    [LoggerMessage(LogLevel.Information, "{Group}: the next handler comes in {Delay}; failure {Count} in a row of {Budget} allowed")]
    public static partial void PartitionRestarts(this ILogger logger, string group, TimeSpan delay, int count, int budget);

    [LoggerMessage(LogLevel.Warning, "{Group}: the handler of partition {Partition} could not be disposed of")]
    public static partial void HandlerNotDisposed(this ILogger logger, Exception fault, string group, int partition);

    [LoggerMessage(
        LogLevel.Warning,
        "{Group}: partition {Partition} could not be drained; what was not committed is read again by its next owner")]
    public static partial void DrainFailed(this ILogger logger, Exception fault, string group, int partition);
}
