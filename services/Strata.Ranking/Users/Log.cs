namespace Strata.Ranking.Users;

internal static partial class Log
{
    // Debug: the same value is met at each request of its user until their next event; the owner's warning comes once.
    [LoggerMessage(LogLevel.Debug, "A value of the kind {Kind} cannot be used and counts as absent; its key hashes to {KeyHash}: {Reason}")]
    public static partial void Unreadable(this ILogger logger, string kind, string keyHash, string reason);
}
