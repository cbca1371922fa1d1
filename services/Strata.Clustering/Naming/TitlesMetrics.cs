using System.Diagnostics.Metrics;

namespace Strata.Clustering.Naming;

internal sealed class TitlesMetrics
{
    private readonly Counter<long> _asked;

    public TitlesMetrics(IMeterFactory meters)
        => _asked = meters.Create("Strata.Clustering.Titles")
            .CreateCounter<long>("strata.layers.titles", "{question}", "Questions to the chat model by what became of them.");

    public void Asked(string outcome) => _asked.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
