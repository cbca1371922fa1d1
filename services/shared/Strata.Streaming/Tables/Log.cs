using Microsoft.Extensions.Logging;
using Strata.Streaming.Records;

namespace Strata.Streaming.Tables;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Warning, "{Group}: poll: {Code}: {Reason}")]
    public static partial void PollFault(this ILogger logger, string group, string code, string reason);

    [LoggerMessage(LogLevel.Information, "Table {Table} is caught up")]
    public static partial void TableCaughtUp(this ILogger logger, string table);

    /// <summary>
    /// Names a record that was left out. Its key may be a user's id, so it is named by its hash, and as it is for whoever debugs.
    /// </summary>
    public static void RecordSkipped(this ILogger logger, string group, StreamRecord record, string reason)
    {
        logger.Skipped(group, record.Topic, record.Partition, record.Offset, record.KeyHash, reason);
        logger.SkippedKey(record.Topic, record.Partition, record.Offset, record.Key);
    }

    [LoggerMessage(
        LogLevel.Warning,
        "{Group}: the record at {Topic}[{Partition}]@{Offset} was left out and stays in its topic; its key hashes to {KeyHash}: {Reason}")]
    private static partial void Skipped(
        this ILogger logger, string group, string topic, int partition, long offset, string keyHash, string reason);

    [LoggerMessage(LogLevel.Debug, "The record at {Topic}[{Partition}]@{Offset} that was left out has the key {Key}")]
    private static partial void SkippedKey(this ILogger logger, string topic, int partition, long offset, string? key);
}
