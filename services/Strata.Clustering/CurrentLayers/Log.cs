namespace Strata.Clustering.InForce;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Versions} versions of the layer set were not whole in the log and were passed over; the next full one will be taken")]
    public static partial void IncompleteSet(ILogger logger, int versions);
}
