using Strata.Clustering.Layers;

namespace Strata.Clustering.Reducer;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Asking for the layer set to be seeded from {Items} items")]
    public static partial void AskingToSeed(this ILogger logger, int items);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The request to seed the layer set could not be sent and will be sent again")]
    public static partial void AskingFailed(this ILogger logger, Exception fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "Reducing goes on from version {Version} with {Layers} layers")]
    public static partial void Restored(this ILogger logger, ulong version, int layers);

    [LoggerMessage(Level = LogLevel.Information, Message = "No layer set is published yet")]
    public static partial void NoSet(this ILogger logger);

    [LoggerMessage(
        Level = LogLevel.Information, Message = "Seeded {Layers} layers from {Items} items, version {Version}, in {Milliseconds} ms")]
    public static partial void Seeded(this ILogger logger, int layers, int items, ulong version, double milliseconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The layer set cannot be seeded: {Reason}")]
    public static partial void CannotSeed(this ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Move}")]
    public static partial void Moved(this ILogger logger, LayerMove move);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Request} cannot be made: {Reason}")]
    public static partial void Refused(this ILogger logger, RequestedMove request, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Dropped the delta [{From}, {To}) of partition {Partition}: {Outcome}")]
    public static partial void Dropped(this ILogger logger, long from, long to, int partition, LayerDeltaOutcome outcome);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Missing}: the log of deltas no longer holds what is between")]
    public static partial void Lost(this ILogger logger, string missing);
}
