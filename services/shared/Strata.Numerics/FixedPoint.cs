using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Strata.Numerics;

/// <summary>
/// Fixed point numbers x · 2^30 in an int64. Sums of them do not depend on the order of the summands, and 8·10^9 components of unit vectors
/// fit.
/// </summary>
public static class FixedPoint
{
    /// <summary>Value of one: 2^30.</summary>
    public const long One = 1L << 30;

    private const float Scale = One;
    private const double Unit = 1.0 / One;
    private const int Lanes = 16;

    /// <summary>x · 2^30, rounded to the nearest integer, ties to even.</summary>
    public static long From(float value) => (long)MathF.Round(value * Scale);

    /// <summary>The number that <paramref name="value"/> stands for.</summary>
    public static double ToDouble(long value) => value * Unit;

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
            var whole = Vector512.ConvertToInt32Native(Vector512.Round(Vector512.LoadUnsafe(ref from, (nuint)i) * Scale));
            var (lower, upper) = Vector512.Widen(whole);
            (Vector512.LoadUnsafe(ref to, (nuint)i) + lower).StoreUnsafe(ref to, (nuint)i);
            (Vector512.LoadUnsafe(ref to, (nuint)i + 8) + upper).StoreUnsafe(ref to, (nuint)i + 8);
        }

        for (; i < vector.Length; i++)
        {
            sums[i] += From(vector[i]);
        }
    }

    /// <summary>
    /// Writes <paramref name="factor"/> · <paramref name="before"/> + <paramref name="added"/>, a fixed point vector, to
    /// <paramref name="sum"/>; the same bits on every machine.
    /// </summary>
    public static void MultiplyAdd(ReadOnlySpan<double> before, double factor, ReadOnlySpan<long> added, Span<double> sum)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(before.Length, sum.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(added.Length, sum.Length);
        ref var old = ref MemoryMarshal.GetReference(before);
        ref var more = ref MemoryMarshal.GetReference(added);
        ref var to = ref MemoryMarshal.GetReference(sum);
        var i = 0;
        for (; i <= sum.Length - Vector512<double>.Count; i += Vector512<double>.Count)
        {
            var whole = Vector512.ConvertToDouble(Vector512.LoadUnsafe(ref more, (nuint)i));
            ((Vector512.LoadUnsafe(ref old, (nuint)i) * factor) + (whole * Unit)).StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < sum.Length; i++)
        {
            sum[i] = (factor * before[i]) + ToDouble(added[i]);
        }
    }
}
