using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Strata.Featurizer.Items;

internal sealed class ItemsMetrics
{
    public const string MeterName = "Strata.Featurizer.Items";

    private readonly Counter<long> _featurized;
    private readonly Counter<long> _removed;
    private readonly ConcurrentDictionary<int, int> _terms = new();

    public ItemsMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _featurized = meter.CreateCounter<long>("strata.items.featurized", "{item}", "Versions of items that were turned into features.");
        _removed = meter.CreateCounter<long>("strata.items.removed", "{item}", "Items that left the catalogue.");
        meter.CreateObservableGauge(
            "strata.items.terms",
            () => _terms.Values.Sum(),
            "{term}",
            "Terms counted in the document frequencies of this process's partitions.");
    }

    public void Cut(int featurized, int removed, int terms, int partition)
    {
        _featurized.Add(featurized);
        _removed.Add(removed);
        _terms[partition] = terms;
    }
}
