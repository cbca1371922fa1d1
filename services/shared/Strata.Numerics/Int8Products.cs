using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Strata.Numerics;

/// <summary>
/// Inner products of vectors as they rest, a signed byte a component, with vectors of 16 bits: sums of whole numbers, the same on every
/// machine and in any order.
/// </summary>
public static class Int8Products
{
    // Components that are multiplied at once.
    private const int Step = 16;

    // Far above where a step runs out of digits.
    private const float LeastMagnitude = 1e-30f;

    /// <summary>
    /// Rounds <paramref name="vector"/> to code · step with codes so large that no product with a row of as many bytes overflows; up to
    /// 511 dimensions that is 16 bits.
    /// </summary>
    /// <param name="vector">Finite components.</param>
    /// <param name="codes">As long as <paramref name="vector"/>.</param>
    /// <returns>The step.</returns>
    public static float Encode(ReadOnlySpan<float> vector, Span<short> codes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(codes.Length, vector.Length);
        var largest = vector.IsEmpty ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude(vector));
        var step = largest >= LeastMagnitude ? largest / Math.Min(short.MaxValue, int.MaxValue / 128 / vector.Length) : 1;
        for (var i = 0; i < vector.Length; i++)
        {
            codes[i] = (short)MathF.Round(vector[i] / step);
        }

        return step;
    }

    /// <summary>
    /// Products of every row with two vectors: two cost hardly more than one, as a row's bytes are widened once.
    /// </summary>
    /// <param name="rows">Row-major, each as long as the vectors.</param>
    /// <param name="first">One vector, bounded as <see cref="Encode"/> does.</param>
    /// <param name="second">Another of the same length.</param>
    /// <param name="firsts">Its products, one a row.</param>
    /// <param name="seconds">The other's.</param>
    public static void Multiply(
        ReadOnlySpan<sbyte> rows,
        ReadOnlySpan<short> first,
        ReadOnlySpan<short> second,
        Span<int> firsts,
        Span<int> seconds)
    {
        var n = first.Length;
        ArgumentOutOfRangeException.ThrowIfNotEqual(second.Length, n);
        var count = n == 0 ? 0 : rows.Length / n;
        ArgumentOutOfRangeException.ThrowIfNotEqual(rows.Length, count * n);
        ArgumentOutOfRangeException.ThrowIfLessThan(firsts.Length, count);
        ArgumentOutOfRangeException.ThrowIfLessThan(seconds.Length, count);
        var row = 0;
        for (; row <= count - 4; row += 4)
        {
            MultiplyFour(rows.Slice(row * n, 4 * n), first, second, firsts[row..], seconds[row..]);
        }

        for (; row < count; row++)
        {
            (firsts[row], seconds[row]) = MultiplyOne(rows.Slice(row * n, n), first, second);
        }
    }

    /// <summary>Product of two vectors of as many bytes.</summary>
    public static int Multiply(ReadOnlySpan<sbyte> one, ReadOnlySpan<sbyte> other)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(other.Length, one.Length);
        ref var a = ref MemoryMarshal.GetReference(one);
        ref var b = ref MemoryMarshal.GetReference(other);
        var sums = Vector256<int>.Zero;
        var i = 0;
        for (; i <= one.Length - Step; i += Step)
        {
            sums += Products(Widen(ref a, i), Widen(ref b, i));
        }

        var sum = Vector256.Sum(sums);
        for (; i < one.Length; i++)
        {
            sum += one[i] * other[i];
        }

        return sum;
    }

    private static void MultiplyFour(
        ReadOnlySpan<sbyte> rows, ReadOnlySpan<short> first, ReadOnlySpan<short> second, Span<int> firsts, Span<int> seconds)
    {
        var n = first.Length;
        ref var a = ref MemoryMarshal.GetReference(rows);
        ref var b = ref Unsafe.Add(ref a, n);
        ref var c = ref Unsafe.Add(ref b, n);
        ref var d = ref Unsafe.Add(ref c, n);
        ref var x = ref MemoryMarshal.GetReference(first);
        ref var y = ref MemoryMarshal.GetReference(second);
        var (ax, bx, cx, dx) = (Vector256<int>.Zero, Vector256<int>.Zero, Vector256<int>.Zero, Vector256<int>.Zero);
        var (ay, by, cy, dy) = (Vector256<int>.Zero, Vector256<int>.Zero, Vector256<int>.Zero, Vector256<int>.Zero);
        var i = 0;
        for (; i <= n - Step; i += Step)
        {
            var (one, other) = (Vector256.LoadUnsafe(ref x, (nuint)i), Vector256.LoadUnsafe(ref y, (nuint)i));
            var row = Widen(ref a, i);
            ax += Products(row, one);
            ay += Products(row, other);
            row = Widen(ref b, i);
            bx += Products(row, one);
            by += Products(row, other);
            row = Widen(ref c, i);
            cx += Products(row, one);
            cy += Products(row, other);
            row = Widen(ref d, i);
            dx += Products(row, one);
            dy += Products(row, other);
        }

        (firsts[0], firsts[1], firsts[2], firsts[3]) = (Vector256.Sum(ax), Vector256.Sum(bx), Vector256.Sum(cx), Vector256.Sum(dx));
        (seconds[0], seconds[1], seconds[2], seconds[3]) = (Vector256.Sum(ay), Vector256.Sum(by), Vector256.Sum(cy), Vector256.Sum(dy));
        for (; i < n; i++)
        {
            for (var row = 0; row < 4; row++)
            {
                firsts[row] += rows[(row * n) + i] * first[i];
                seconds[row] += rows[(row * n) + i] * second[i];
            }
        }
    }

    private static (int First, int Second) MultiplyOne(ReadOnlySpan<sbyte> row, ReadOnlySpan<short> first, ReadOnlySpan<short> second)
    {
        ref var a = ref MemoryMarshal.GetReference(row);
        ref var x = ref MemoryMarshal.GetReference(first);
        ref var y = ref MemoryMarshal.GetReference(second);
        var (ax, ay) = (Vector256<int>.Zero, Vector256<int>.Zero);
        var i = 0;
        for (; i <= row.Length - Step; i += Step)
        {
            var wide = Widen(ref a, i);
            ax += Products(wide, Vector256.LoadUnsafe(ref x, (nuint)i));
            ay += Products(wide, Vector256.LoadUnsafe(ref y, (nuint)i));
        }

        var (one, other) = (Vector256.Sum(ax), Vector256.Sum(ay));
        for (; i < row.Length; i++)
        {
            one += row[i] * first[i];
            other += row[i] * second[i];
        }

        return (one, other);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Widen(ref sbyte row, int at)
    {
        var bytes = Vector128.LoadUnsafe(ref row, (nuint)at);
        return Avx2.IsSupported
            ? Avx2.ConvertToVector256Int16(bytes)
            : Vector256.Create(Vector128.WidenLower(bytes), Vector128.WidenUpper(bytes));
    }

    // Summed in pairs; which ones does not matter to the sum of all.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Products(Vector256<short> a, Vector256<short> b)
        => Avx2.IsSupported
            ? Avx2.MultiplyAddAdjacent(a, b)
            : (Vector256.WidenLower(a) * Vector256.WidenLower(b)) + (Vector256.WidenUpper(a) * Vector256.WidenUpper(b));
}
