using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Strata.Numerics;

/// <summary>
/// Fixed point numbers x · 2^30 in an int64. Sums of them do not depend on the order of the summands, and 8·10^9 components of unit vectors fit.
/// </summary>
public static class FixedPoint
{
    /// <summary>Value of one: 2^30.</summary>
    public const long One = 1L << 30;

    private const float Scale = One;
    private const int Lanes = 16;

    /// <summary>x · 2^30, rounded to the nearest integer, ties to even.</summary>
    public static long From(float value) => (long)MathF.Round(value * Scale);

    /// <summary>The number that <paramref name="value"/> stands for.</summary>
    public static double ToDouble(long value) => value * (1.0 / One);

    /// <summary>Adds every component of <paramref name="vector"/>, magnitudes below 2, to <paramref name="sums"/>.</summary>
    public static void Add(Span<long> sums, ReadOnlySpan<float> vector)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(sums.Length, vector.Length);
        ref var to = ref MemoryMarshal.GetReference(sums);
        ref var from = ref MemoryMarshal.GetReference(vector);
        var i = 0;
        for (; i <= vector.Length - Lanes; i += Lanes)
        {
            // A float below 2 times 2^30 is exact and fits an int32.
            var whole = Vector512.ConvertToInt32(Vector512.Round(Vector512.LoadUnsafe(ref from, (nuint)i) * Scale));
            var (lower, upper) = Vector512.Widen(whole);
            (Vector512.LoadUnsafe(ref to, (nuint)i) + lower).StoreUnsafe(ref to, (nuint)i);
            (Vector512.LoadUnsafe(ref to, (nuint)i + 8) + upper).StoreUnsafe(ref to, (nuint)i + 8);
        }

        for (; i < vector.Length; i++)
        {
            sums[i] += From(vector[i]);
        }
    }
}
