namespace Strata.Numerics;

/// <summary>Exponential decay by event time: after one half-life half of a sum is left.</summary>
public static class Decay
{
    /// <summary>2^(−elapsed / halfLife), 1 for an elapsed time of zero or less (late records neither grow nor shrink a sum).</summary>
    public static double Factor(double elapsedMs, TimeSpan halfLife)
        => elapsedMs <= 0 ? 1 : double.Exp2(-elapsedMs / halfLife.TotalMilliseconds);
}
