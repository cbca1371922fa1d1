namespace Strata.Ranking.Index;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "The catalogue has caught up: {Items} items, {Vectors} vectors, layer set {Version}")]
    public static partial void CaughtUp(this ILogger logger, int items, int vectors, ulong version);
}
