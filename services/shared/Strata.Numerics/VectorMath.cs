using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Strata.Numerics;

/// <summary>
/// Operations on dense vectors of floats, SIMD. Inner products and norms are summed in 16 fixed lanes with fused multiply-add, so that they
/// give the same bits on every machine, whatever the width of its registers.
/// </summary>
public static class VectorMath
{
    private const int Lanes = 16;

    // Far above where squares of components run out of digits.
    private const float LeastSquares = 1e-30f;

    /// <summary>Inner product of two vectors of equal length; the same bits on every machine.</summary>
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(b.Length, a.Length);
        return Vector512.IsHardwareAccelerated ? DotWide(a, b) : DotNarrow(a, b);
    }

    /// <summary>
    /// Inner products of <paramref name="vector"/> with the chosen rows of a row-major matrix, the bits of <see cref="Dot"/>; four at a
    /// time, several times as fast.
    /// </summary>
    public static void Dots(ReadOnlySpan<float> vector, ReadOnlySpan<float> matrix, ReadOnlySpan<int> rows, Span<float> products)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(products.Length, rows.Length);
        var n = vector.Length;
        var i = 0;
        for (; i <= rows.Length - 4; i += 4)
        {
            DotFour(
                vector,
                matrix.Slice(rows[i] * n, n),
                matrix.Slice(rows[i + 1] * n, n),
                matrix.Slice(rows[i + 2] * n, n),
                matrix.Slice(rows[i + 3] * n, n),
                products[i..]);
        }

        for (; i < rows.Length; i++)
        {
            products[i] = Dot(vector, matrix.Slice(rows[i] * n, n));
        }
    }

    /// <summary>
    /// Scales <paramref name="vector"/> to unit length in place; false (and unchanged) when its length is below 1e-15, and so has no exact
    /// square, or not finite.
    /// </summary>
    public static bool TryNormalize(Span<float> vector)
    {
        var squares = Dot(vector, vector);
        if (!(squares >= LeastSquares) || !float.IsFinite(squares))
        {
            return false;
        }

        TensorPrimitives.Divide(vector, MathF.Sqrt(squares), vector);
        return true;
    }

    /// <summary>
    /// Writes <paramref name="sum"/> scaled to unit length to <paramref name="unit"/>; false (and unchanged) when its length is at most
    /// <paramref name="least"/> or not finite. The same bits on every machine.
    /// </summary>
    public static bool TryNormalize(ReadOnlySpan<double> sum, Span<float> unit, double least)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(unit.Length, sum.Length);
        var norm = Math.Sqrt(Squares(sum));
        if (!(norm > least) || !double.IsFinite(norm))
        {
            return false;
        }

        var scale = 1 / norm;
        ref var from = ref MemoryMarshal.GetReference(sum);
        ref var to = ref MemoryMarshal.GetReference(unit);
        var i = 0;
        for (; i <= sum.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            Vector256.Narrow(
                Vector256.LoadUnsafe(ref from, (nuint)i) * scale,
                Vector256.LoadUnsafe(ref from, (nuint)i + 4) * scale).StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < sum.Length; i++)
        {
            unit[i] = (float)(sum[i] * scale);
        }

        return true;
    }

    /// <summary>Adds <paramref name="scale"/> · <paramref name="vector"/> to <paramref name="sum"/>.</summary>
    public static void AddScaled(Span<float> sum, ReadOnlySpan<float> vector, float scale)
        => TensorPrimitives.MultiplyAdd(vector, scale, sum, sum);

    /// <summary>
    /// Subtracts <paramref name="mean"/> from <paramref name="vector"/> in place and scales the rest to unit length; false when nothing
    /// remains.
    /// </summary>
    public static bool TryCentre(Span<float> vector, ReadOnlySpan<float> mean)
    {
        TensorPrimitives.Subtract(vector, mean, vector);
        return TryNormalize(vector);
    }

    internal static float DotWide(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        ref var x = ref MemoryMarshal.GetReference(a);
        ref var y = ref MemoryMarshal.GetReference(b);
        var sum = Vector512<float>.Zero;
        var i = 0;
        for (; i <= a.Length - Lanes; i += Lanes)
        {
            sum = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref x, (nuint)i), Vector512.LoadUnsafe(ref y, (nuint)i), sum);
        }

        return Fold(sum.GetLower(), sum.GetUpper(), a[i..], b[i..]);
    }

    internal static float DotNarrow(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        ref var x = ref MemoryMarshal.GetReference(a);
        ref var y = ref MemoryMarshal.GetReference(b);
        var lower = Vector256<float>.Zero;
        var upper = Vector256<float>.Zero;
        var i = 0;
        for (; i <= a.Length - Lanes; i += Lanes)
        {
            lower = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref x, (nuint)i), Vector256.LoadUnsafe(ref y, (nuint)i), lower);
            upper = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref x, (nuint)i + 8), Vector256.LoadUnsafe(ref y, (nuint)i + 8), upper);
        }

        return Fold(lower, upper, a[i..], b[i..]);
    }

    /// <summary>Σ x² in 16 fixed lanes.</summary>
    internal static double Squares(ReadOnlySpan<double> vector)
    {
        ref var start = ref MemoryMarshal.GetReference(vector);
        var (a, b, c, d) = (Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero);
        var i = 0;
        for (; i <= vector.Length - Lanes; i += Lanes)
        {
            a += Square(ref start, i);
            b += Square(ref start, i + 4);
            c += Square(ref start, i + 8);
            d += Square(ref start, i + 12);
        }

        var four = (a + c) + (b + d);
        var sum = (four[0] + four[2]) + (four[1] + four[3]);
        for (; i < vector.Length; i++)
        {
            sum += vector[i] * vector[i];
        }

        return sum;
    }

    private static void DotFour(
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> a,
        ReadOnlySpan<float> b,
        ReadOnlySpan<float> c,
        ReadOnlySpan<float> d,
        Span<float> products)
    {
        ref var from = ref MemoryMarshal.GetReference(x);
        ref var fromA = ref MemoryMarshal.GetReference(a);
        ref var fromB = ref MemoryMarshal.GetReference(b);
        ref var fromC = ref MemoryMarshal.GetReference(c);
        ref var fromD = ref MemoryMarshal.GetReference(d);
        var (lowerA, lowerB, lowerC, lowerD) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
        var (upperA, upperB, upperC, upperD) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
        var i = 0;
        for (; i <= x.Length - Lanes; i += Lanes)
        {
            var (lower, upper) = (Vector256.LoadUnsafe(ref from, (nuint)i), Vector256.LoadUnsafe(ref from, (nuint)i + 8));
            lowerA = Vector256.FusedMultiplyAdd(lower, Vector256.LoadUnsafe(ref fromA, (nuint)i), lowerA);
            upperA = Vector256.FusedMultiplyAdd(upper, Vector256.LoadUnsafe(ref fromA, (nuint)i + 8), upperA);
            lowerB = Vector256.FusedMultiplyAdd(lower, Vector256.LoadUnsafe(ref fromB, (nuint)i), lowerB);
            upperB = Vector256.FusedMultiplyAdd(upper, Vector256.LoadUnsafe(ref fromB, (nuint)i + 8), upperB);
            lowerC = Vector256.FusedMultiplyAdd(lower, Vector256.LoadUnsafe(ref fromC, (nuint)i), lowerC);
            upperC = Vector256.FusedMultiplyAdd(upper, Vector256.LoadUnsafe(ref fromC, (nuint)i + 8), upperC);
            lowerD = Vector256.FusedMultiplyAdd(lower, Vector256.LoadUnsafe(ref fromD, (nuint)i), lowerD);
            upperD = Vector256.FusedMultiplyAdd(upper, Vector256.LoadUnsafe(ref fromD, (nuint)i + 8), upperD);
        }

        products[0] = Fold(lowerA, upperA, x[i..], a[i..]);
        products[1] = Fold(lowerB, upperB, x[i..], b[i..]);
        products[2] = Fold(lowerC, upperC, x[i..], c[i..]);
        products[3] = Fold(lowerD, upperD, x[i..], d[i..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Square(ref double start, int at)
    {
        var four = Vector256.LoadUnsafe(ref start, (nuint)at);
        return four * four;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Fold(Vector256<float> lower, Vector256<float> upper, ReadOnlySpan<float> restA, ReadOnlySpan<float> restB)
    {
        var eight = lower + upper;
        var four = eight.GetLower() + eight.GetUpper();
        var sum = (four[0] + four[2]) + (four[1] + four[3]);
        for (var i = 0; i < restA.Length; i++)
        {
            sum = MathF.FusedMultiplyAdd(restA[i], restB[i], sum);
        }

        return sum;
    }
}
