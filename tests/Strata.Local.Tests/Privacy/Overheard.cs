using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Strata.Local.Tests.Privacy;

/// <summary>All that a system tells its operators: log lines above Debug, tags of metrics, spans with all they carry.</summary>
internal sealed class Overheard : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _spans;

    public Overheard()
    {
        _meters.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        Listen<byte>();
        Listen<int>();
        Listen<long>();
        Listen<float>();
        Listen<double>();
        _meters.Start();
        _spans = new ActivityListener
        {
            // What this test calls with is a caller's, not the system's.
            ShouldListenTo = source => source.Name.StartsWith("Strata.", StringComparison.Ordinal)
                || source.Name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => _lines.Enqueue($"span {Words(span)}"),
        };
        ActivitySource.AddActivityListener(_spans);
    }

    public IReadOnlyCollection<string> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _lines);

    public void Dispose()
    {
        _meters.Dispose();
        _spans.Dispose();
    }

    private static string Words(Activity span)
        => string.Join(
            ' ',
            [
                span.DisplayName, span.StatusDescription, Words(span.TagObjects), Words(span.Baggage),
                .. span.Events.Select(told => $"{told.Name} {Words(told.Tags)}"), .. span.Links.Select(link => Words(link.Tags ?? [])),
            ]);

    private static string Words<T>(IEnumerable<KeyValuePair<string, T>> tags)
        => string.Join(' ', tags.Select(tag => $"{tag.Key}={tag.Value}"));

    private void Listen<T>()
        where T : struct
        => _meters.SetMeasurementEventCallback<T>((instrument, _, tags, _) =>
        {
            foreach (var (name, value) in tags)
            {
                _lines.Enqueue($"metric {instrument.Name} {name}={value}");
            }
        });

    private sealed class Logger(string category, ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                lines.Enqueue($"log {logLevel} {category} {formatter(state, exception)} {exception}");
            }
        }
    }
}
