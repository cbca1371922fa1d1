using Microsoft.Extensions.Logging;

namespace Strata.Streaming;

/// <summary>Log lines of the streaming room.</summary>
internal static partial class Log
{
    [LoggerMessage(Message = "{Client}: {Line}")]
    public static partial void ClientLine(this ILogger logger, LogLevel level, string client, string line);

    [LoggerMessage(LogLevel.Error, "Kafka client {Client} can't go on: {Reason}")]
    public static partial void ClientFatal(this ILogger logger, string client, string reason);

    [LoggerMessage(Message = "Kafka client {Client}: {Code}: {Reason}")]
    public static partial void ClientError(this ILogger logger, LogLevel level, string client, string code, string reason);

    [LoggerMessage(LogLevel.Critical, "{Room} has failed for good; the host stops")]
    public static partial void HostStops(this ILogger logger, Exception fault, string room);

    [LoggerMessage("The broker doesn't answer a question about {What} ({Reason}); it is asked again")]
    public static partial void BrokerDoesNotAnswer(this ILogger logger, LogLevel level, string what, string reason);

    [LoggerMessage(LogLevel.Information, "{Count} topics made")]
    public static partial void TopicsMade(this ILogger logger, int count);

    [LoggerMessage(LogLevel.Warning, "{Topic} has {Partitions} partitions where {Planned} are planned; it stays as it is")]
    public static partial void PartitionsDiffer(this ILogger logger, string topic, int partitions, int planned);

    [LoggerMessage(LogLevel.Warning, "The publisher's producer is replaced: {Reason}")]
    public static partial void PublisherReplaced(this ILogger logger, string reason);

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

    [LoggerMessage(LogLevel.Error, "{Group}: the handler of partition {Partition} has failed; the partition starts again from its committed position")]
    public static partial void HandlerFailed(this ILogger logger, Exception fault, string group, int partition);

    [LoggerMessage(LogLevel.Information, "{Group}: the next handler comes in {Delay}; failure {Count} in a row of {Budget} allowed")]
    public static partial void PartitionRestarts(this ILogger logger, string group, TimeSpan delay, int count, int budget);

    [LoggerMessage(LogLevel.Warning, "{Group}: the handler of partition {Partition} could not be disposed of")]
    public static partial void HandlerNotDisposed(this ILogger logger, Exception fault, string group, int partition);

    [LoggerMessage(LogLevel.Warning, "{Group}: partition {Partition} could not be drained; what was not committed is read again by its next owner")]
    public static partial void DrainFailed(this ILogger logger, Exception fault, string group, int partition);

    [LoggerMessage(LogLevel.Warning, "{Group}: partition {Partition} was not drained within {Budget}; what was not committed is read again by its next owner")]
    public static partial void DrainBudgetOver(this ILogger logger, string group, int partition, TimeSpan budget);

    [LoggerMessage(LogLevel.Warning, "{Group}: record {Offset} of {Topic} partition {Partition} goes to the dead letters: {Reason}")]
    public static partial void DeadLettered(this ILogger logger, string group, string topic, int partition, long offset, string reason);

    [LoggerMessage(LogLevel.Information, "{Group}: transactional producer {TransactionalId} is ready")]
    public static partial void TransactionsReady(this ILogger logger, string group, string transactionalId);

    [LoggerMessage(LogLevel.Warning, "{Group}: a transaction was aborted; all partitions start again from their committed positions")]
    public static partial void CommitAborted(this ILogger logger, Exception fault, string group);

    [LoggerMessage(LogLevel.Warning, "{Group}: a transaction could not be aborted; its producer is replaced")]
    public static partial void AbortFailed(this ILogger logger, Exception fault, string group);

    [LoggerMessage(LogLevel.Warning, "{Group}: positions were not committed ({Reason}); they are tried again")]
    public static partial void PositionsNotCommitted(this ILogger logger, string reason, string group);

    [LoggerMessage(LogLevel.Information, "{Group}: left the group")]
    public static partial void ConsumerClosed(this ILogger logger, string group);

    [LoggerMessage(LogLevel.Information, "Table {Table} is caught up")]
    public static partial void TableCaughtUp(this ILogger logger, string table);
}
