namespace Strata.Optimizer.Learning;

internal static partial class Log
{
    [LoggerMessage(
        LogLevel.Information, "Learning goes on from policy {Version} of schema {Schema} after {Steps} steps, at offset {Next}")]
    public static partial void Restored(this ILogger logger, ulong version, uint schema, ulong steps, long next);

    [LoggerMessage(LogLevel.Information, "Learning starts with an empty policy: none named {Name} was published")]
    public static partial void Empty(this ILogger logger, string name);

    [LoggerMessage(LogLevel.Information, "Schema {Schema} begins: weights and standardisation start afresh")]
    public static partial void NewSchema(this ILogger logger, uint schema);

    [LoggerMessage(
        LogLevel.Warning,
        "A policy is not published: it would have {Learned} clicks a slate, ± {HalfWidth}, where the one in force would have {Published}, "
        + "on {Slates} slates")]
    public static partial void HeldBack(this ILogger logger, double learned, double halfWidth, double published, int slates);

    [LoggerMessage(
        LogLevel.Warning,
        "A policy was held back for {Time} and is published: it would have {Learned} clicks a slate, ± {HalfWidth}, where the one in force "
        + "would have {Published}")]
    public static partial void HeldLongEnough(this ILogger logger, TimeSpan time, double learned, double halfWidth, double published);

    [LoggerMessage(LogLevel.Warning, "Learning goes back to policy {Version}, and on from there at offset {Next}")]
    public static partial void RolledBack(this ILogger logger, ulong version, long next);

    [LoggerMessage(
        LogLevel.Warning,
        "Policy {Version} is asked for and is not kept, or of another schema than what is learned: nothing changes")]
    public static partial void NotKept(this ILogger logger, ulong version);

    [LoggerMessage(
        LogLevel.Warning,
        "The training log is another one than policy {Version} was learned from: it is read from the group's position")]
    public static partial void OtherLog(this ILogger logger, ulong version);
}
