using Microsoft.Extensions.Logging;

namespace Strata.Streaming.Topology;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "{Count} topics made")]
    public static partial void TopicsMade(this ILogger logger, int count);

    [LoggerMessage(LogLevel.Warning, "{Topic} could not be checked: this process may not read its settings (DescribeConfigs)")]
    public static partial void TopicUnchecked(this ILogger logger, string topic);

    [LoggerMessage(LogLevel.Warning, "{Doubt}")]
    public static partial void TopicInDoubt(this ILogger logger, string doubt);

    [LoggerMessage(LogLevel.Warning, "{Topic} has {Partitions} partitions where {Planned} are planned; it stays as it is")]
    public static partial void PartitionsDiffer(this ILogger logger, string topic, int partitions, int planned);

    [LoggerMessage(LogLevel.Warning, "{Topic} kept records for {Found} ms; it keeps them for {Planned} ms now, as is set")]
    public static partial void RetentionSet(this ILogger logger, string topic, string found, string planned);

    [LoggerMessage(LogLevel.Debug, "The broker doesn't say where {Topic} ends: {Reason}")]
    public static partial void EndsNotAnswered(this ILogger logger, string topic, string reason);
}
