namespace Strata.Clustering.Catalogue;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "The catalogue is read: {Items} items")]
    public static partial void CaughtUp(this ILogger logger, int items);
}
