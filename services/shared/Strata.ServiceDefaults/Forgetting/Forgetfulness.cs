using Strata.Contracts.State.V1;
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

    /// <summary>
    /// True when what is handed over to the user is from before they were forgotten. Names of one user are all forgotten at once: then what
    /// does not know of it was handed over before it in its own log, whatever the clocks say.
    /// </summary>
    /// <param name="forgotten">Up to when who takes over was forgotten; null: they never were.</param>
    /// <param name="handed">What is handed over.</param>
    /// <param name="known">Up to when who hands over was forgotten, as far as what they hand over knows.</param>
    public static bool Covers(this Forgotten? forgotten, HandOver handed, Forgotten? known)
    {
        ArgumentNullException.ThrowIfNull(handed);
        return forgotten is not null
            && (handed.SameUser ? !(known?.AskedUnixMs >= forgotten.AskedUnixMs) : handed.AskedUnixMs <= forgotten.AskedUnixMs);
    }
}
