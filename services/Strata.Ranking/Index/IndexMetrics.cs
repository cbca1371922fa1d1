using System.Diagnostics.Metrics;
using Strata.Ranking.Index.Core;

namespace Strata.Ranking.Index;

/// <summary>What the catalogue in memory looks like.</summary>
internal sealed class IndexMetrics
{
    private readonly Counter<long> _rejected;
    private CatalogueView? _view;

    public IndexMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Strata.Ranking.Index");
        _rejected = meter.CreateCounter<long>(
            "strata.ranking.table.rejected", "{record}", "Records of tables that are no such message, by topic.");
        meter.CreateObservableGauge(
            "strata.ranking.items", () => View?.Count ?? 0, "{item}", "Items known, those among them that are only named as neighbours.");
        meter.CreateObservableGauge(
            "strata.ranking.vectors", () => View?.Vectors.Rows ?? 0, "{vector}", "Vector rows held, superseded ones among them.");
        meter.CreateObservableGauge("strata.ranking.layers", () => View?.Layers.Count ?? 0, "{layer}", "Layers of the set in force.");
    }

    private CatalogueView? View => Volatile.Read(ref _view);

    public void Show(CatalogueView view) => Volatile.Write(ref _view, view);

    public void Rejected(string topic) => _rejected.Add(1, new KeyValuePair<string, object?>("topic", topic));
}
