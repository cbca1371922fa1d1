namespace Strata.Optimizer.Learning;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Learning goes on from policy {Version} of schema {Schema} after {Steps} steps, at offset {Next}")]
    public static partial void Restored(ILogger logger, ulong version, uint schema, ulong steps, long next);

    [LoggerMessage(Level = LogLevel.Information, Message = "Learning starts with an empty policy: none named {Name} was published")]
    public static partial void Empty(ILogger logger, string name);

    [LoggerMessage(Level = LogLevel.Information, Message = "Schema {Schema} begins: weights and standardisation start afresh")]
    public static partial void NewSchema(ILogger logger, uint schema);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The training log is another one than policy {Version} was learned from: it is read from the group's position")]
    public static partial void OtherLog(ILogger logger, ulong version);
}
