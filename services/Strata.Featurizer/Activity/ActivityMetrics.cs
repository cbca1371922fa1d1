using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Strata.Featurizer.Activity.Core;

namespace Strata.Featurizer.Activity;

internal sealed class ActivityMetrics
{
    public const string MeterName = "Strata.Featurizer.Activity";

    private readonly Counter<long> _deltas;
    private readonly Counter<long> _published;
    private readonly ConcurrentDictionary<int, int> _items = new();

    public ActivityMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _deltas = meter.CreateCounter<long>("strata.activity.deltas", "{delta}", "Deltas by what became of them.");
        _published = meter.CreateCounter<long>("strata.activity.published", "{item}", "Items whose activity was published.");
        meter.CreateObservableGauge(
            "strata.activity.items", () => _items.Values.Sum(), "{item}", "Items with activity in this process's partitions.");
    }

    public void Delta(ActivityDeltaOutcome outcome) => _deltas.Add(1, new KeyValuePair<string, object?>("strata.outcome", outcome switch
    {
        ActivityDeltaOutcome.Applied => "applied",
        ActivityDeltaOutcome.PartlyApplied => "partly_applied",
        _ => "duplicate",
    }));

    public void Published(int items) => _published.Add(items);

    public void Items(int partition, int items) => _items[partition] = items;
}
