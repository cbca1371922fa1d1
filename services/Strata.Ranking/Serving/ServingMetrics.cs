using System.Diagnostics.Metrics;
using Strata.Ranking.Candidates.Filters;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Slates;

namespace Strata.Ranking.Serving;

internal sealed class ServingMetrics
{
    private readonly Histogram<double> _duration;
    private readonly Histogram<int> _candidates;
    private readonly Counter<long> _filtered;
    private readonly Counter<long> _degraded;
    private readonly Histogram<double> _propensity;

    public ServingMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Strata.Ranking.Serving");
        _duration = meter.CreateHistogram<double>(
            "strata.ranking.stage.duration",
            "s",
            "Time of a request's stages: read (user state), rank (candidates, features, scores), slate (placing and explaining).",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [.0001, .0002, .0005, .001, .002, .005, .01, .02, .05, .1, .2, .5, 1, 5],
            });
        _candidates = meter.CreateHistogram<int>("strata.ranking.candidates", "{item}", "Candidates of a request.");
        _filtered = meter.CreateCounter<long>(
            "strata.ranking.filtered", "{item}", "Items that sources came upon and a filter removed, by filter.");
        _degraded = meter.CreateCounter<long>("strata.ranking.degraded", "{request}", "Requests answered with a fallback, by fallback.");
        _propensity = meter.CreateHistogram<double>(
            "strata.ranking.propensity",
            "1",
            "How likely the item at a position was to come there, of slates logged as shown, by how it was filled: best or explored.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [.0005, .001, .002, .005, .01, .02, .05, .1, .2, .5, .9, .95, 1],
            });
    }

    /// <summary>Takes the time of a request's stages, from now on.</summary>
    public StageTimer Start(TimeProvider time) => new(_duration, time);

    public void Gathered(RankingRequest request)
    {
        _candidates.Record(request.Count);
        for (var filter = 0; filter < CandidateFilters.All.Count; filter++)
        {
            if (request.Removals.CountOf(filter) is > 0 and var count)
            {
                _filtered.Add(count, new KeyValuePair<string, object?>("filter", CandidateFilters.All[filter].Name));
            }
        }
    }

    /// <summary>A slate is logged as shown.</summary>
    public void Shown(IEnumerable<PlacedItem> slate)
    {
        foreach (var placed in slate)
        {
            _propensity.Record(placed.Propensity, new KeyValuePair<string, object?>("filled", placed.Exploration ? "explored" : "best"));
        }
    }

    public void Degraded(IEnumerable<string> fallbacks)
    {
        foreach (var fallback in fallbacks)
        {
            _degraded.Add(1, new KeyValuePair<string, object?>("fallback", fallback));
        }
    }

    internal sealed class StageTimer(Histogram<double> duration, TimeProvider time)
    {
        private long _started = time.GetTimestamp();
        private List<(string Name, double Seconds)>? _kept;

        /// <summary>The stages that ended since they are kept, with their seconds.</summary>
        public IReadOnlyList<(string Name, double Seconds)> Kept => _kept ?? [];

        /// <summary>Keeps what is recorded from now on.</summary>
        public void Keep() => _kept = [];

        /// <summary>Records the time since the stage before ended.</summary>
        public void End(string stage)
        {
            var seconds = time.GetElapsedTime(_started).TotalSeconds;
            duration.Record(seconds, new KeyValuePair<string, object?>("stage", stage));
            _kept?.Add((stage, seconds));
            _started = time.GetTimestamp();
        }
    }
}
