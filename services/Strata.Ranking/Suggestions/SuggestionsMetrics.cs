using System.Diagnostics.Metrics;
using Strata.Ranking.Suggestions.Core;

namespace Strata.Ranking.Suggestions;

/// <summary>How much there is to suggest.</summary>
internal sealed class SuggestionsMetrics
{
    private readonly Histogram<double> _duration;
    private int _titles;
    private int _queries;
    private int _held;

    public SuggestionsMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Strata.Ranking.Suggestions");
        meter.CreateObservableGauge(
            "strata.ranking.suggestions.titles", () => Volatile.Read(ref _titles), "{text}", "Titles that may be suggested.");
        meter.CreateObservableGauge(
            "strata.ranking.suggestions.queries", () => Volatile.Read(ref _queries), "{text}", "Queries that may be suggested.");
        meter.CreateObservableGauge(
            "strata.ranking.suggestions.held", () => Volatile.Read(ref _held), "{query}", "Queries that are held, of few users too.");
        _duration = meter.CreateHistogram<double>(
            "strata.ranking.suggestions.build.duration",
            "s",
            "Time of building the index of suggestions.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [.001, .01, .05, .1, .2, .5, 1, 2, 5, 10, 30] });
    }

    public void Built(SuggestionIndex index, int held, TimeSpan duration)
    {
        var titles = index.Texts.Count(text => text.Item >= 0);
        Volatile.Write(ref _titles, titles);
        Volatile.Write(ref _queries, index.Texts.Count - titles);
        Volatile.Write(ref _held, held);
        _duration.Record(duration.TotalSeconds);
    }
}
