namespace Strata.Clustering.Layers;

/// <summary>A move: one layer went, its mass merged into the layer nearest to it, and another split in two, so that K stays.</summary>
/// <param name="AtPoints">The set's point count at the move.</param>
/// <param name="Removed">The layer that went, because it was needed least.</param>
/// <param name="MergedInto">The layer that took its mass; may be <paramref name="Parent"/>.</param>
/// <param name="Parent">The layer that was split; it is gone too. 0: none was, a layer without items went.</param>
/// <param name="FirstShare">Share of the parent's mass that the first child has.</param>
/// <param name="Gain">
/// Squared distance that the split saves on the points that did not take part in fitting it, scaled to the parent's weight.
/// </param>
/// <param name="Need">What went with the removed layer.</param>
/// <param name="Requested">An operator asked for it.</param>
public sealed record LayerMove(
    ulong AtPoints,
    uint Removed,
    uint MergedInto,
    uint Parent,
    uint First,
    uint Second,
    float FirstShare,
    double Gain,
    double Need,
    bool Requested = false);
