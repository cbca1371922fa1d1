using Google.Protobuf.WellKnownTypes;
using Strata.Contracts.Events.V1;
using Strata.Edge.Requests;
using Strata.Ingestion.Texts;

namespace Strata.Ingestion.Cleaning.Core;

/// <summary>Nothing happens after its receipt: a producer's clock that runs ahead is followed by nobody. Pure.</summary>
internal static class TimesRule
{
    /// <summary>Refuses a time that cannot be; dates by <paramref name="now"/> what lies ahead of it. True when it did.</summary>
    /// <param name="clean">The event, changed in place.</param>
    /// <param name="clamp">Whether a time ahead is moved.</param>
    /// <param name="now">Time of receipt.</param>
    /// <param name="oldest">Oldest time taken.</param>
    /// <param name="maxAhead">How far a clock may run ahead.</param>
    /// <param name="violations">Takes what is wrong.</param>
    public static bool Apply(
        UserEvent clean, bool clamp, DateTimeOffset now, DateTimeOffset oldest, TimeSpan maxAhead, Violations violations)
    {
        if (clean.EventTime is null
            || !(violations.RequireTime("event.event_time", clean.EventTime, oldest, now + maxAhead) > now)
            || !clamp)
        {
            return false;
        }

        clean.EventTime = now.ToTimestamp();
        return true;
    }
}
