using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Strata.Ingestion.Cleaning.Core;

namespace Strata.Ingestion.Telemetry;

/// <summary>What Ingestion took and refused, and how long the broker took. Tags: kinds, field paths without indices, topics.</summary>
internal sealed partial class IngestionMetrics : IDisposable
{
    public const string MeterName = "Strata.Ingestion";

    /// <summary>A rule took an event for the same act as one before.</summary>
    public const string Collapsed = "collapsed";

    /// <summary>A rule changed what was sent.</summary>
    public const string Changed = "changed";

    private readonly Meter _meter;
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _cleaned;
    private readonly Histogram<double> _publish;
    private readonly TimeProvider _time;

    public IngestionMetrics(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        _meter = meters.Create(MeterName);
        _accepted = _meter.CreateCounter<long>(
            "strata.ingestion.accepted", "{entry}", "Events, items and users acknowledged by the broker.");
        _rejected = _meter.CreateCounter<long>(
            "strata.ingestion.rejected", "{entry}", "Requests refused, by the first field at fault or the reason.");
        _cleaned = _meter.CreateCounter<long>(
            "strata.ingestion.cleaned", "{entry}", "What each rule of cleaning did: changed, refused, set_aside or collapsed.");
        _publish = _meter.CreateHistogram(
            "strata.ingestion.publish.duration",
            "s",
            "Time from hand-over to the broker until its acknowledgement.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
            });
    }

    public void Accepted(string kind, long count = 1)
        => _accepted.Add(count, new KeyValuePair<string, object?>("kind", kind.ToLowerInvariant()));

    public void Rejected(string kind, string reason)
        => _rejected.Add(
            1,
            new KeyValuePair<string, object?>("kind", kind.ToLowerInvariant()),
            new KeyValuePair<string, object?>("reason", Indices().Replace(reason, string.Empty)));

    /// <summary>Counts what the rules did to one event.</summary>
    public void Cleaned(RuleRun run)
    {
        foreach (var rule in run.Touched)
        {
            Cleaned(rule, Changed);
        }

        if (run.RefusedBy is { } refused)
        {
            Cleaned(refused, "refused");
        }
    }

    /// <summary>Counts what one rule did.</summary>
    public void Cleaned(string rule, string outcome)
        => _cleaned.Add(1, new KeyValuePair<string, object?>("rule", rule), new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>Counts an event set aside as a robot's, by what gave it away.</summary>
    public void SetAside(BotSign sign)
        => _cleaned.Add(
            1,
            new KeyValuePair<string, object?>("rule", RuleNames.Bots),
            new KeyValuePair<string, object?>("outcome", "set_aside"),
            new KeyValuePair<string, object?>("reason", sign == BotSign.Rate ? "rate" : "regularity"));

    /// <summary>Times one publication; a failed one counts too, under its error.</summary>
    public async Task<T> PublishingAsync<T>(string topic, Func<Task<T>> publish)
    {
        var started = _time.GetTimestamp();
        var tags = new TagList { { "topic", topic } };
        try
        {
            return await publish();
        }
        catch (Exception fault)
        {
            tags.Add("error.type", fault.GetType().Name);
            throw;
        }
        finally
        {
            _publish.Record(_time.GetElapsedTime(started).TotalSeconds, tags);
        }
    }

    public void Dispose() => _meter.Dispose();

    [GeneratedRegex(@"\[\d+\]")]
    private static partial Regex Indices();
}
