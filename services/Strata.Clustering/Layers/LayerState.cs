namespace Strata.Clustering.Layers;

/// <summary>A layer's sums. Immutable.</summary>
public sealed record LayerState
{
    /// <summary>Stable for the layer's life, never used again; 1 and up.</summary>
    public required uint Id { get; init; }

    /// <summary>Version of the set in which the layer last changed.</summary>
    public required ulong Version { get; init; }

    /// <summary>W: decayed number of points.</summary>
    public required double Weight { get; init; }

    /// <summary>S: decayed sum of centred unit vectors.</summary>
    public required ReadOnlyMemory<double> Sum { get; init; }

    /// <summary>U: decayed Σ (d2² − d1²), how much the layer is needed.</summary>
    public required double Need { get; init; }

    /// <summary>Q: decayed Σ d1².</summary>
    public required double Error { get; init; }

    /// <summary>
    /// What the catalogue's items weigh: their number, times <see cref="LayersOptions.ItemWeight"/>. It does not decay.
    /// </summary>
    public double CatalogueWeight { get; init; }

    /// <summary>Σ of the items' centred unit vectors, times the same weight; empty where that is 0.</summary>
    public ReadOnlyMemory<float> CatalogueSum { get; init; }

    /// <summary>The set's point count when the sums last changed.</summary>
    public required ulong AsOfPoints { get; init; }

    /// <summary>The set's point count at birth.</summary>
    public required ulong BornPoints { get; init; }

    /// <summary>Points ever absorbed.</summary>
    public ulong Points { get; init; }

    /// <summary>What the layer is called; null until it has been named.</summary>
    public LayerName? Name { get; init; }

    /// <summary>Where it stands among the others; null until the layers have been grouped.</summary>
    public LayerGroup? Group { get; init; }

    /// <summary>Points by hour of event time.</summary>
    public LayerSeries Series { get; init; } = LayerSeries.Empty;
}

/// <summary>How people know a layer.</summary>
/// <param name="Words">Up to five words with their scores, best first.</param>
/// <param name="ExampleItemIds">Up to five items nearest to the centroid, nearest first.</param>
/// <param name="Items">Items of the catalogue for which this is the nearest layer.</param>
public sealed record LayerName(IReadOnlyList<(string Word, float Score)> Words, IReadOnlyList<string> ExampleItemIds, int Items)
{
    /// <summary>What a chat model calls it; null without one.</summary>
    public LayerTitle? Title { get; init; }

    public bool SameAs(LayerName? other)
        => other is not null && Title == other.Title && Items == other.Items && Words.SequenceEqual(other.Words)
            && ExampleItemIds.SequenceEqual(other.ExampleItemIds);
}
