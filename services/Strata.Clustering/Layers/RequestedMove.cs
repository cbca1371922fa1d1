namespace Strata.Clustering.Layers;

/// <summary>
/// A merge or a split that an operator asked for. K stays, as in every move: a merge gives the slot that falls free to the layer whose
/// split saves most, a split takes the place of the layer that is needed least.
/// </summary>
/// <param name="LayerId">The layer that is merged away or split.</param>
/// <param name="IntoLayerId">The layer that takes its mass; 0: a split.</param>
public sealed record RequestedMove(uint LayerId, uint IntoLayerId);
