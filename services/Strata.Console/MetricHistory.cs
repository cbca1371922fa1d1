using System.Diagnostics.Metrics;

namespace Strata.Console;

/// <summary>
/// The last hour of what the process measures, a row every five seconds, for the page's charts. It hears what Prometheus would scrape, so
/// that there is a past without one; where there is one, Grafana has more.
/// </summary>
public sealed class MetricHistory : IDisposable
{
    /// <summary>Time between two rows.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    /// <summary>Rows kept.</summary>
    public const int Rows = 720;

    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<(ChartSpec Chart, string Series), SeriesValues> _series = [];
    private readonly Queue<long> _times = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    /// <summary>Begins to listen.</summary>
    public MetricHistory(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ChartSpec.Of(instrument.Name) is { Count: > 0 } charts)
            {
                listener.EnableMeasurementEvents(instrument, charts);
            }
        };
        _listener.SetMeasurementEventCallback<long>((from, value, tags, charts) => Take(from.Name, value, tags, charts));
        _listener.SetMeasurementEventCallback<int>((from, value, tags, charts) => Take(from.Name, value, tags, charts));
        _listener.SetMeasurementEventCallback<double>((from, value, tags, charts) => Take(from.Name, value, tags, charts));
        _listener.Start();
        _timer = time.CreateTimer(_ => Cut(), null, Step, Step);
    }

    /// <summary>The rows behind a moment, by chart.</summary>
    /// <param name="after">Milliseconds since 1970; 0: all.</param>
    public HistoryRows Since(long after)
    {
        lock (_lock)
        {
            var skipped = _times.TakeWhile(time => time <= after).Count();
            return new HistoryRows(
                [.. _times.Skip(skipped)],
                [
                    .. ChartSpec.All.Select(chart => new HistoryChart(
                        chart.Title,
                        chart.Unit,
                        chart.Page,
                        [
                            .. _series.Where(entry => entry.Key.Chart == chart).OrderBy(entry => entry.Key.Series, StringComparer.Ordinal)
                                .Select(entry => new HistorySeries(entry.Key.Series, entry.Value.Since(_times.Count, skipped))),
                        ])),
                ]);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        _listener.Dispose();
    }

    /// <summary>Ends a row.</summary>
    internal void Cut()
    {
        _listener.RecordObservableInstruments();
        lock (_lock)
        {
            _times.Enqueue(_time.GetUtcNow().ToUnixTimeMilliseconds());
            foreach (var ((chart, _), values) in _series)
            {
                values.Cut(chart.Kind);
            }

            if (_times.Count > Rows)
            {
                _times.Dequeue();
            }
        }
    }

    private void Take(string from, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? charts)
    {
        lock (_lock)
        {
            foreach (var chart in (IReadOnlyList<ChartSpec>)charts!)
            {
                if (chart.SeriesOf(from, tags) is { } name)
                {
                    if (!_series.TryGetValue((chart, name), out var values))
                    {
                        _series[(chart, name)] = values = new SeriesValues();
                    }

                    values.Take(value);
                }
            }
        }
    }
}

/// <summary>Rows of all charts.</summary>
/// <param name="Times">When each row ended, milliseconds since 1970.</param>
/// <param name="Charts">The charts.</param>
public sealed record HistoryRows(IReadOnlyList<long> Times, IReadOnlyList<HistoryChart> Charts);

/// <summary>A chart.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Unit">Of its values.</param>
/// <param name="Page">The page that shows it: "now" or "policy".</param>
/// <param name="Series">Its lines.</param>
public sealed record HistoryChart(string Title, string Unit, string Page, IReadOnlyList<HistorySeries> Series);

/// <summary>A line.</summary>
/// <param name="Name">Of what.</param>
/// <param name="Values">A value for each row; null: there was none.</param>
public sealed record HistorySeries(string Name, IReadOnlyList<double?> Values);
