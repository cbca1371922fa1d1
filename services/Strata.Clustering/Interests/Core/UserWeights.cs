namespace Strata.Clustering.Interests.Core;

/// <summary>
/// A user's weights on layers, heaviest first by the long weight, then by id. Weights are floats at every step, so that the bytes at rest
/// do not depend on how often they were written in between.
/// </summary>
/// <param name="Entries">At most <see cref="Limit"/> layers.</param>
/// <param name="AsOfUnixMs">Event time up to which the weights have decayed.</param>
/// <param name="Version">Version of the layer set at the last change.</param>
public sealed record UserWeights(IReadOnlyList<LayerWeight> Entries, long AsOfUnixMs, ulong Version)
{
    public const int Limit = 16;

    /// <summary>A user of whom nothing is known.</summary>
    public static UserWeights Empty { get; } = new([], 0, 0);
}

/// <summary>A user's weight on a layer at two horizons.</summary>
/// <param name="LongTerm">
/// Decayed sum of point weights, half-life 30 days unless set otherwise; below zero when more was dismissed than liked, which is no
/// interest.
/// </param>
/// <param name="ShortTerm">The same, half-life 1 hour.</param>
/// <param name="Touched">Of the items whose points lay there.</param>
public readonly record struct LayerWeight(uint LayerId, float LongTerm, float ShortTerm, Touched Touched = default);
