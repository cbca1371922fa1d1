using Google.Protobuf.WellKnownTypes;
using Strata.Contracts.Events.V1;

namespace Strata.Ingestion.Cleaning.Core;

/// <summary>Fills what is missing with the values that the contract states. Pure.</summary>
internal static class DefaultsRule
{
    /// <summary>
    /// An event without an id gets one and one without a time happened at its receipt, in any case: without them it cannot be published.
    /// A basket's piece is one, where <paramref name="fill"/> says so. True when anything was missing.
    /// </summary>
    public static bool Apply(UserEvent clean, bool fill, DateTimeOffset now, DateTimeOffset? happened, Func<DateTimeOffset, string> newId)
    {
        var touched = false;
        if (clean.EventId.Length == 0)
        {
            clean.EventId = newId(now);
            touched = true;
        }

        if (clean.EventTime is null)
        {
            clean.EventTime = (happened ?? now).ToTimestamp();
            touched = true;
        }

        if (fill && clean is { Quantity: 0, Kind: EventKind.Cart or EventKind.Purchase })
        {
            clean.Quantity = 1;
            touched = true;
        }

        return touched;
    }
}
