using System.Diagnostics.Metrics;
using Strata.Ranking.Index.Core;

namespace Strata.Ranking.Index;

/// <summary>What the catalogue in memory looks like.</summary>
internal sealed class IndexMetrics
{
    private CatalogueView? _view;

    public IndexMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Strata.Ranking.Index");
        meter.CreateObservableGauge(
            "strata.ranking.items", () => View?.Count ?? 0, "{item}", "Items known, those among them that are only named as neighbours.");
        meter.CreateObservableGauge(
            "strata.ranking.vectors", () => View?.Vectors.Rows ?? 0, "{vector}", "Vector rows held, superseded ones among them.");
        meter.CreateObservableGauge("strata.ranking.layers", () => View?.Layers.Count ?? 0, "{layer}", "Layers of the set in force.");
    }

    private CatalogueView? View => Volatile.Read(ref _view);

    public void Show(CatalogueView view) => Volatile.Write(ref _view, view);
}
