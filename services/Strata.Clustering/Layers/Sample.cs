using Strata.Numerics;

namespace Strata.Clustering.Layers;

/// <summary>A point that came along with a delta.</summary>
/// <param name="Offset">Its offset in the log of the interest points.</param>
/// <param name="Query">What was typed; empty when the point is no search.</param>
public readonly record struct Sample(long Offset, Int8Vector Vector, string Query = "")
{
    /// <summary>
    /// The offset's draw from [0, 1), as good as random (the finaliser of SplitMix64): a point is a sample of its delta iff it is below
    /// <see cref="LayerSet.SampleShare"/>, whoever reads it and how often.
    /// </summary>
    public static double DrawOf(long offset)
    {
        var x = (ulong)offset + 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return ((x ^ (x >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
