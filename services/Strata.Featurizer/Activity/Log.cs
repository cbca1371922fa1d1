using Strata.Featurizer.Activity.Core;

namespace Strata.Featurizer.Activity;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "Restored the activity of {Items} items of partition {Partition}.")]
    public static partial void Restored(this ILogger logger, int partition, int items);

    [LoggerMessage(
        LogLevel.Information, "{Outcome}: the delta of events {From} to {To} of partition {EventsPartition} was absorbed before.")]
    public static partial void SeenBefore(this ILogger logger, ActivityDeltaOutcome outcome, long from, long to, int eventsPartition);

    [LoggerMessage(LogLevel.Error, "{Missing} The log of deltas no longer holds them: they are lost to it.")]
    public static partial void Lost(this ILogger logger, string missing);
}
