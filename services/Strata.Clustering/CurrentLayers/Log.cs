namespace Strata.Clustering.CurrentLayers;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Versions} versions of the layer set were not whole in the log and were passed over; the next full one will be taken")]
    public static partial void IncompleteSet(this ILogger logger, int versions);
}
