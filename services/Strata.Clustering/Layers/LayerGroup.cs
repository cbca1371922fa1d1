namespace Strata.Clustering.Layers;

/// <summary>Where a layer stands among the others. Ids are given once and stay with what most of their layers become.</summary>
/// <param name="Group">The small group by Ward's linkage.</param>
/// <param name="Parent">The large group that the small one is part of.</param>
/// <param name="Shape">Layers without a gap between them, by density; 0: noise, too little lies around the layer.</param>
public sealed record LayerGroup(uint Group, uint Parent, uint Shape);
