using Strata.Clustering.Layers;

namespace Strata.Clustering.Reducer;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Asking for the layer set to be seeded from {Items} items")]
    public static partial void AskingToSeed(ILogger logger, int items);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The request to seed the layer set could not be sent and will be sent again")]
    public static partial void AskingFailed(ILogger logger, Exception fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "Reducing goes on from version {Version} with {Layers} layers")]
    public static partial void Restored(ILogger logger, ulong version, int layers);

    [LoggerMessage(Level = LogLevel.Information, Message = "No layer set is published yet")]
    public static partial void NoSet(ILogger logger);

    [LoggerMessage(
        Level = LogLevel.Information, Message = "Seeded {Layers} layers from {Items} items, version {Version}, in {Milliseconds} ms")]
    public static partial void Seeded(ILogger logger, int layers, int items, ulong version, double milliseconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The layer set cannot be seeded: {Reason}")]
    public static partial void CannotSeed(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Move}")]
    public static partial void Moved(ILogger logger, LayerMove move);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Request} cannot be made: {Reason}")]
    public static partial void Refused(ILogger logger, RequestedMove request, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Dropped the delta [{From}, {To}) of partition {Partition}: {Outcome}")]
    public static partial void Dropped(ILogger logger, long from, long to, int partition, LayerDeltaOutcome outcome);
}
