using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Strata.Numerics;

/// <summary>
/// The innermost loops of <see cref="ScreeningMatrix"/>: four vectors against sixteen rows, in integers. A component of a row is a code
/// from −63 to 63, one of a vector the same lifted by 64, which makes it unsigned, as the instruction that multiplies bytes wants one of
/// its sides; four products then fit 16 bits.
/// </summary>
internal static class ScreeningKernel
{
    /// <summary>Vectors that are multiplied together.</summary>
    public const int Rows = 4;

    /// <summary>Rows of a panel.</summary>
    public const int Width = 16;

    /// <summary>Makes the codes of a vector positive.</summary>
    public const int Lift = 64;

    /// <summary>Dimensions are a multiple of it.</summary>
    public const int Step = 2 * Quad;

    // Neighbouring bytes that are summed into one int32.
    private const int Quad = 4;
    private const int Half = Width / 2;
    private const int Largest = 63;

    // Far above where a step runs out of digits.
    private const float LeastMagnitude = 1e-30f;

    // What the squares of tiny components lose for want of digits.
    private const float LostSquares = 1e-30f;

    /// <summary>The greatest magnitude and the length.</summary>
    public static (float Largest, float Norm) Measure(ReadOnlySpan<float> vector)
    {
        ref var from = ref MemoryMarshal.GetReference(vector);
        var (largest, other) = (Vector256<float>.Zero, Vector256<float>.Zero);
        var (squares, otherSquares) = (Vector256<float>.Zero, Vector256<float>.Zero);
        var i = 0;
        for (; i <= vector.Length - 16; i += 16)
        {
            var (a, b) = (Vector256.LoadUnsafe(ref from, (nuint)i), Vector256.LoadUnsafe(ref from, (nuint)i + 8));
            (largest, other) = (Vector256.MaxNative(largest, Vector256.Abs(a)), Vector256.MaxNative(other, Vector256.Abs(b)));
            (squares, otherSquares) = (Vector256.MultiplyAddEstimate(a, a, squares), Vector256.MultiplyAddEstimate(b, b, otherSquares));
        }

        largest = Vector256.MaxNative(largest, other);
        var four = Vector128.MaxNative(largest.GetLower(), largest.GetUpper());
        var greatest = Math.Max(Math.Max(four[0], four[1]), Math.Max(four[2], four[3]));
        var sum = Vector256.Sum(squares + otherSquares);
        foreach (var rest in vector[i..])
        {
            greatest = Math.Max(greatest, Math.Abs(rest));
            sum += rest * rest;
        }

        return (greatest, MathF.Sqrt(sum + LostSquares));
    }

    /// <summary>
    /// Rounds <paramref name="vector"/> to code · scale and adds <paramref name="lift"/> to the codes; those beyond its end become 0.
    /// Returns the scale, ‖vector‖ and ‖vector − code · scale‖.
    /// </summary>
    public static (float Scale, float Norm, float Error) Encode(ReadOnlySpan<float> vector, Span<sbyte> codes, int lift)
    {
        var (largest, norm) = Measure(vector);
        var scale = largest >= LeastMagnitude ? largest / Largest : 1;
        ref var from = ref MemoryMarshal.GetReference(vector);
        ref var to = ref MemoryMarshal.GetReference(codes);
        var (steps, size, up) = (Vector256.Create(1 / scale), Vector256.Create(scale), Vector256.Create((float)lift));
        var (squares, otherSquares) = (Vector256<float>.Zero, Vector256<float>.Zero);
        var i = 0;
        for (; i <= vector.Length - 32; i += 32)
        {
            var first = Avx2.PackSignedSaturate(
                Round(ref from, i, steps, size, up, ref squares), Round(ref from, i + 8, steps, size, up, ref otherSquares));
            var second = Avx2.PackSignedSaturate(
                Round(ref from, i + 16, steps, size, up, ref squares), Round(ref from, i + 24, steps, size, up, ref otherSquares));
            // Packing shuffles the components, of rows and of vectors alike.
            Avx2.PackSignedSaturate(first, second).StoreUnsafe(ref to, (nuint)i);
        }

        var sum = Vector256.Sum(squares + otherSquares);
        for (; i < vector.Length; i++)
        {
            var code = MathF.Round(vector[i] / scale);
            codes[i] = (sbyte)(code + lift);
            var error = vector[i] - (code * scale);
            sum += error * error;
        }

        codes[i..].Clear();
        return (scale, norm, MathF.Sqrt(sum + LostSquares));
    }

    /// <summary>
    /// Places the codes of a row into column <paramref name="column"/> of its panel: quad by quad, eight rows beside each other. Returns
    /// what undoes the lift.
    /// </summary>
    public static int Place(ReadOnlySpan<sbyte> codes, Span<sbyte> panel, int column)
    {
        var from = MemoryMarshal.Cast<sbyte, int>(codes);
        var to = MemoryMarshal.Cast<sbyte, int>(panel);
        for (var quad = 0; quad < from.Length; quad++)
        {
            to[(quad * Width) + column] = from[quad];
        }

        var sums = Vector128<int>.Zero;
        for (var i = 0; i < codes.Length; i += Step)
        {
            var (lower, upper) = Vector128.Widen(
                Vector128.WidenLower(
                    Vector128.CreateScalarUnsafe(BinaryPrimitives.ReadInt64LittleEndian(MemoryMarshal.AsBytes(codes[i..]))).AsSByte()));
            sums += lower + upper;
        }

        return -Lift * Vector128.Sum(sums);
    }

    /// <summary>Writes the bounds of four vectors with the sixteen rows of a panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Bound(
        ReadOnlySpan<sbyte> vectors,
        ReadOnlySpan<sbyte> panel,
        ReadOnlySpan<BoundTerms> terms,
        ReadOnlySpan<int> starts,
        ReadOnlySpan<float> scales,
        ReadOnlySpan<float> errors,
        Span<float> bounds,
        int stride)
    {
        fixed (sbyte* vector = vectors, rows = panel)
        {
            // Eight times eight sums, written out because only locals stay in registers.
            var quads = vectors.Length / Rows / Quad;
            var x = (int*)vector;
            var row = rows;
            var a0 = Vector256.Create(starts);
            var b0 = Vector256.Create(starts[Half..]);
            var (a1, a2, a3) = (a0, a0, a0);
            var (b1, b2, b3) = (b0, b0, b0);
            for (var quad = 0; quad < quads; quad += 2)
            {
                var first = Vector256.Load(row);
                var second = Vector256.Load(row + 32);
                var firstNext = Vector256.Load(row + 64);
                var secondNext = Vector256.Load(row + 96);
                row += 128;
                var now = Vector256.Create(x[quad]).AsByte();
                var next = Vector256.Create(x[quad + 1]).AsByte();
                a0 = AddProducts(a0, now, first, next, firstNext);
                b0 = AddProducts(b0, now, second, next, secondNext);
                now = Vector256.Create(x[quads + quad]).AsByte();
                next = Vector256.Create(x[quads + quad + 1]).AsByte();
                a1 = AddProducts(a1, now, first, next, firstNext);
                b1 = AddProducts(b1, now, second, next, secondNext);
                now = Vector256.Create(x[(2 * quads) + quad]).AsByte();
                next = Vector256.Create(x[(2 * quads) + quad + 1]).AsByte();
                a2 = AddProducts(a2, now, first, next, firstNext);
                b2 = AddProducts(b2, now, second, next, secondNext);
                now = Vector256.Create(x[(3 * quads) + quad]).AsByte();
                next = Vector256.Create(x[(3 * quads) + quad + 1]).AsByte();
                a3 = AddProducts(a3, now, first, next, firstNext);
                b3 = AddProducts(b3, now, second, next, secondNext);
            }

            Store(a0, b0, terms[0], scales, errors, bounds);
            Store(a1, b1, terms[1], scales, errors, bounds[stride..]);
            Store(a2, b2, terms[2], scales, errors, bounds[(2 * stride)..]);
            Store(a3, b3, terms[3], scales, errors, bounds[(3 * stride)..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> AddProducts(
        Vector256<int> sums,
        Vector256<byte> vector,
        Vector256<sbyte> rows,
        Vector256<byte> next,
        Vector256<sbyte> rowsNext)
        => AvxVnni.IsSupported
            ? AvxVnni.MultiplyWideningAndAdd(AvxVnni.MultiplyWideningAndAdd(sums, vector, rows), next, rowsNext)
            : sums + Avx2.MultiplyAddAdjacent(
                Avx2.MultiplyAddAdjacent(vector, rows) + Avx2.MultiplyAddAdjacent(next, rowsNext), Vector256<short>.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Round(
        ref float from,
        int at,
        Vector256<float> steps,
        Vector256<float> size,
        Vector256<float> lift,
        ref Vector256<float> squares)
    {
        var values = Vector256.LoadUnsafe(ref from, (nuint)at);
        var codes = Vector256.Round(values * steps);
        var errors = values - (codes * size);
        squares = Vector256.MultiplyAddEstimate(errors, errors, squares);
        return Vector256.ConvertToInt32Native(codes + lift);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(
        Vector256<int> first,
        Vector256<int> second,
        BoundTerms terms,
        ReadOnlySpan<float> scales,
        ReadOnlySpan<float> errors,
        Span<float> bounds)
    {
        Bounds(first, terms, scales, errors).CopyTo(bounds);
        Bounds(second, terms, scales[Half..], errors[Half..]).CopyTo(bounds[Half..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Bounds(Vector256<int> sums, BoundTerms terms, ReadOnlySpan<float> scales, ReadOnlySpan<float> errors)
        => (Vector256.ConvertToSingle(sums) * (Vector256.Create(scales) * terms.Scale))
            + (Vector256.Create(errors) * terms.Norm)
            + Vector256.Create(terms.Error);
}

/// <summary>What a vector brings to its bounds.</summary>
/// <param name="Scale">Value of one step of its codes.</param>
/// <param name="Norm">Weighs the errors of the rows.</param>
/// <param name="Error">Its own error with any row.</param>
internal readonly record struct BoundTerms(float Scale, float Norm, float Error);
