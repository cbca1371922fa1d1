using System.Collections.Concurrent;
using Polly.Telemetry;

namespace Strata.ServiceDefaults.Telemetry;

/// <summary>
/// How loud Polly's events are. Whatever a pipeline meets is met by its caller too, who falls back or fails by name, and while a store is
/// away there are thousands of attempts, each with its stack: only a breaker that opens is a warning, once a second at most.
/// </summary>
internal sealed class PollyEvents(TimeProvider time)
{
    private const string Opened = "OnCircuitOpened";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<(string? Pipeline, string Event), long> _told = new();

    /// <summary>The severity of an event of a pipeline.</summary>
    public ResilienceEventSeverity SeverityOf(string? pipeline, ResilienceEvent told)
    {
        if (told.EventName != Opened)
        {
            return told.Severity < ResilienceEventSeverity.Debug ? told.Severity : ResilienceEventSeverity.Debug;
        }

        var now = time.GetTimestamp();
        var last = _told.AddOrUpdate(
            (pipeline, told.EventName), now, (_, before) => time.GetElapsedTime(before, now) < Interval ? before : now);
        return last == now ? ResilienceEventSeverity.Warning : ResilienceEventSeverity.Debug;
    }
}
