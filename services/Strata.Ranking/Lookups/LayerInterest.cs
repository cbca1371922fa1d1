using Strata.Ranking.Slates;

namespace Strata.Ranking.Lookups;

/// <summary>
/// How much more an item counts to a user for the layer that it lies in: the probability of its layer over that of the likeliest.
/// </summary>
internal sealed class LayerInterest(LayerDistribution? layers)
{
    private readonly double _most = layers?.Layers.Select(layer => layer.Probability).DefaultIfEmpty(0).Max() ?? 0;

    /// <summary>0 to 1; 0 everywhere for nobody.</summary>
    public double Of(int slot) => _most > 0 ? layers!.Of(slot) / _most : 0;

    /// <summary>Probability of recommending from a slot; 0 for nobody.</summary>
    public double Probability(int slot) => layers?.Of(slot) ?? 0;
}
