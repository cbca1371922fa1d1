using Microsoft.Extensions.Logging;
using Strata.Contracts;

namespace Strata.ServiceDefaults.State;

internal static partial class Log
{
    /// <summary>
    /// Names a value that was set aside: its key may be a user's id, so it is named by its hash, and as it is for whoever debugs.
    /// </summary>
    public static void ValueSetAside(this ILogger logger, string key, string reason)
    {
        logger.SetAside(Keys.KindOf(key), KeyHashes.Of(key), reason);
        logger.SetAsideKey(Keys.Quarantine(key));
    }

    [LoggerMessage(
        LogLevel.Warning,
        "A value of the kind {Kind} cannot be used and was set aside; its key hashes to {KeyHash}, look for quarantine:*: {Reason}")]
    private static partial void SetAside(this ILogger logger, string kind, string keyHash, string reason);

    [LoggerMessage(LogLevel.Debug, "The value that was set aside lies under {Key}")]
    private static partial void SetAsideKey(this ILogger logger, string key);
}
