namespace Strata.Contracts.Bounds;

/// <summary>When something can have happened. What lies outside is a wrong unit or garbage.</summary>
public static class TimeBounds
{
    /// <summary>2100-01-01T00:00:00Z in milliseconds since 1970, exclusive.</summary>
    public const long NewestMs = 4_102_444_800_000;

    /// <summary>True for a time of 1970 or later and before 2100, in milliseconds since 1970.</summary>
    public static bool Holds(long unixMs) => unixMs is >= 0 and < NewestMs;
}
