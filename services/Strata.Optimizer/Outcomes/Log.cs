namespace Strata.Optimizer.Outcomes;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Outcomes of partition {Partition} go on at impression {Impression} and event {Event}; examples are sent from impression {Emit} on")]
    public static partial void Started(ILogger logger, int partition, long impression, long @event, long emit);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} impressions of partition {Partition} were resolved before their time: raise MaxImpressions or MaxEvents, or add partitions")]
    public static partial void ResolvedEarly(ILogger logger, long count, int partition);
}
