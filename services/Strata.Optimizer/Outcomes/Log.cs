namespace Strata.Optimizer.Outcomes;

internal static partial class Log
{
    [LoggerMessage(
        LogLevel.Information,
        "Outcomes of partition {Partition} go on at impression {Impression} and event {Event}; "
        + "examples are sent from impression {Emit} on")]
    public static partial void Started(this ILogger logger, int partition, long impression, long @event, long emit);

    [LoggerMessage(
        LogLevel.Warning,
        "{Count} impressions of partition {Partition} were resolved before their time: "
        + "raise MaxImpressions or MaxEvents, or add partitions")]
    public static partial void ResolvedEarly(this ILogger logger, long count, int partition);
}
