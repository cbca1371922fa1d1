namespace Strata.Clustering.Layers;

/// <summary>
/// A merge or a split that an operator asked for. K stays, as in every move: a merge gives the slot that falls free to the layer whose
/// split saves most, a split takes the place of the layer that is needed least.
/// </summary>
/// <param name="LayerId">The layer that is merged away or split.</param>
/// <param name="IntoLayerId">The layer that takes its mass; 0: a split.</param>
/// <param name="RequestId">By which whoever asked finds the answer; empty: nobody asks for it.</param>
public sealed record RequestedMove(uint LayerId, uint IntoLayerId, string RequestId = "");

/// <summary>What became of it.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="Made">The move; null when it was refused.</param>
/// <param name="Refusal">Why it was refused; empty when it was made.</param>
public sealed record MoveAnswer(string RequestId, LayerChange? Made, string Refusal);
