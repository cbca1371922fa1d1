using Strata.Contracts.Users.V1;

namespace Strata.ServiceDefaults.Forgetting;

/// <summary>What is from before a user was forgotten. Pure.</summary>
public static class Forgetfulness
{
    /// <summary>True when something that happened, or was received, then says nothing any more.</summary>
    /// <param name="forgotten">Up to when; null: the user was never forgotten.</param>
    /// <param name="eventTimeUnixMs">When it happened.</param>
    /// <param name="receivedUnixMs">When it was received; null: it does not say.</param>
    public static bool Covers(this Forgotten? forgotten, long eventTimeUnixMs, long? receivedUnixMs = null)
        => forgotten is not null
            && (eventTimeUnixMs <= forgotten.EventTimeUnixMs || receivedUnixMs <= forgotten.AskedUnixMs);
}
