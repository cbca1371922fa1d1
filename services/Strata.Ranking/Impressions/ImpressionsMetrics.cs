using System.Diagnostics.Metrics;

namespace Strata.Ranking.Impressions;

internal sealed class ImpressionsMetrics
{
    private readonly Counter<long> _impressions;

    public ImpressionsMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Strata.Ranking.Impressions");
        _impressions = meter.CreateCounter<long>(
            "strata.ranking.impressions",
            "{impression}",
            "Impressions by what became of them: published, dropped (the queue was full) or failed (the broker refused).");
    }

    public void Published() => Count("published");

    public void Dropped(long count = 1) => _impressions.Add(count, new KeyValuePair<string, object?>("result", "dropped"));

    public void Failed() => Count("failed");

    private void Count(string result) => _impressions.Add(1, new KeyValuePair<string, object?>("result", result));
}
