using Microsoft.Extensions.Logging;

namespace Strata.Streaming.Consuming.Polling;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "{Group}: {Count} topic partitions assigned; {Held} partition numbers held")]
    public static partial void PartitionsAssigned(this ILogger logger, string group, int count, int held);

    [LoggerMessage(LogLevel.Information, "{Group}: {Count} partition numbers are revoked and drained")]
    public static partial void PartitionsRevoked(this ILogger logger, string group, int count);

    [LoggerMessage(LogLevel.Warning, "{Group}: partition {Partition} is lost; what was not committed is read again by its next owner")]
    public static partial void PartitionLost(this ILogger logger, string group, int partition);

    [LoggerMessage(LogLevel.Debug, "{Group}: partition {Partition} goes on at {Positions}")]
    public static partial void PartitionOpened(this ILogger logger, string group, int partition, IEnumerable<object> positions);

    [LoggerMessage(LogLevel.Debug, "{Group}: partition {Partition} is paused")]
    public static partial void PartitionPaused(this ILogger logger, string group, int partition);

    [LoggerMessage(LogLevel.Debug, "{Group}: partition {Partition} is resumed")]
    public static partial void PartitionResumed(this ILogger logger, string group, int partition);

    [LoggerMessage(LogLevel.Warning, "{Group}: poll: {Code}: {Reason}")]
    public static partial void PollFault(this ILogger logger, string group, string code, string reason);

    [LoggerMessage(
        LogLevel.Warning,
        "{Group}: partition {Partition} was not drained within {Budget}; what was not committed is read again by its next owner")]
    public static partial void DrainBudgetOver(this ILogger logger, string group, int partition, TimeSpan budget);
}
