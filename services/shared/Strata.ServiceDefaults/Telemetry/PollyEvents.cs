using System.Collections.Concurrent;
using Polly.Telemetry;

namespace Strata.ServiceDefaults.Telemetry;

/// <summary>
/// How loud Polly's events are. Whatever a pipeline meets is met by its caller too, who falls back or fails by name: an event is never more
/// than a warning, and one of a pipeline and kind is told once a second, for while a store is away there are thousands of them.
/// </summary>
internal sealed class PollyEvents(TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<(string? Pipeline, string Event), long> _told = new();

    /// <summary>The severity of an event; debug where the same was told less than a second ago.</summary>
    public ResilienceEventSeverity SeverityOf(string? pipeline, ResilienceEvent told)
    {
        if (told.Severity < ResilienceEventSeverity.Warning)
        {
            return told.Severity;
        }

        var now = time.GetTimestamp();
        var last = _told.AddOrUpdate(
            (pipeline, told.EventName), now, (_, before) => time.GetElapsedTime(before, now) < Interval ? before : now);
        return last == now ? ResilienceEventSeverity.Warning : ResilienceEventSeverity.Debug;
    }
}
