using Microsoft.Extensions.Logging;

namespace Strata.Streaming.Consuming.Committing;

internal static partial class Log
{
    [LoggerMessage(
        LogLevel.Warning,
        "{Group}: the record at {Topic}[{Partition}]@{Offset} goes to the dead letters; its key hashes to {KeyHash}: {Reason}")]
    public static partial void DeadLettered(
        this ILogger logger, string group, string topic, int partition, long offset, string keyHash, string reason);

    [LoggerMessage(LogLevel.Information, "{Group}: transactional producer {TransactionalId} is ready")]
    public static partial void TransactionsReady(this ILogger logger, string group, string transactionalId);

    // No fault at a rebalance or while the broker is away; a partition that goes on failing says so itself.
    [LoggerMessage(
        LogLevel.Information, "{Group}: a transaction was aborted; all partitions start again from their committed positions: {Reason}")]
    public static partial void CommitAborted(this ILogger logger, string group, string reason);

    [LoggerMessage(LogLevel.Warning, "{Group}: the abandoned producer's id could not be taken over ({Reason}); the next one has another")]
    public static partial void TakeOverFailed(this ILogger logger, string reason, string group);

    [LoggerMessage(LogLevel.Warning, "{Group}: positions were not committed ({Reason}); they are tried again")]
    public static partial void PositionsNotCommitted(this ILogger logger, string reason, string group);
}
