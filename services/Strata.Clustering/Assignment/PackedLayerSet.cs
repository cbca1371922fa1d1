using Strata.Clustering.Layers;

namespace Strata.Clustering.Assignment;

/// <summary>A layer set with its centroids packed once for all who assign points by it.</summary>
internal sealed record PackedLayerSet(LayerSet Set)
{
    public Assigner Assigner { get; } = new(Set);
}
