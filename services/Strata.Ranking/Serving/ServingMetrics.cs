using System.Diagnostics.Metrics;

namespace Strata.Ranking.Serving;

/// <summary>What serving measures.</summary>
internal sealed class ServingMetrics
{
    private readonly Histogram<double> _duration;
    private readonly Histogram<int> _candidates;
    private readonly Counter<long> _degraded;

    public ServingMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Strata.Ranking.Serving");
        _duration = meter.CreateHistogram<double>(
            "strata.ranking.stage.duration",
            "s",
            "Time of a request's stages: read (user state), rank (candidates, features, scores), slate (placing and explaining).",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [.0001, .0002, .0005, .001, .002, .005, .01, .02, .05, .1, .2, .5, 1, 5] });
        _candidates = meter.CreateHistogram<int>("strata.ranking.candidates", "{item}", "Candidates of a request.");
        _degraded = meter.CreateCounter<long>("strata.ranking.degraded", "{request}", "Requests answered with a fallback, by fallback.");
    }

    public void Stage(string stage, TimeSpan elapsed) => _duration.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("stage", stage));

    public void Candidates(int count) => _candidates.Record(count);

    public void Degraded(string fallback) => _degraded.Add(1, new KeyValuePair<string, object?>("fallback", fallback));
}
