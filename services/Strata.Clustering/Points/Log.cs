namespace Strata.Clustering.Points;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Partition {Partition} waits for the first layer set")]
    public static partial void WaitingForFirstSet(this ILogger logger, int partition);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Partition {Partition} starts from layer set {Version}; points from offset {From} on are new to the layers")]
    public static partial void Started(this ILogger logger, int partition, ulong version, long from);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The store holds partition {Partition} up to {Held} where {Committed} is committed: "
            + "points are read again for the users' weights")]
    public static partial void StoreIsBehind(this ILogger logger, int partition, long held, long committed);
}
