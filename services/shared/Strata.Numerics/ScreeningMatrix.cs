using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.Intrinsics.X86;

namespace Strata.Numerics;

/// <summary>
/// A matrix of row vectors, packed once to tell quickly which rows can have the greatest inner products with other vectors: what no product
/// exceeds is computed for all, and rows that cannot reach what another has need no exact product. Rows and vectors are rounded to seven
/// bits a component, each with a scale of its own, which takes less than half the time of the product in floats; on processors without AVX2
/// the bounds come from a <see cref="PanelMatrix"/>. Immutable and safe to share.
/// </summary>
/// <remarks>By Cauchy and Schwarz: x·c = x̂·ĉ + x·(c − ĉ) + (x − x̂)·ĉ is at most x̂·ĉ + ‖x‖·‖c − ĉ‖ + ‖x − x̂‖·‖ĉ‖.</remarks>
public sealed class ScreeningMatrix
{
    /// <summary>Vectors that are multiplied together; bounds are written for as many.</summary>
    public const int Rows = ScreeningKernel.Rows;

    private readonly PanelMatrix? _exact;
    private readonly sbyte[][] _panels = [];
    private readonly int[] _starts = [];
    private readonly float[] _scales = [];
    private readonly float[] _errors = [];
    private readonly float _greatestNorm;

    /// <summary>Packs <paramref name="rows"/>, a row-major matrix with <paramref name="dimensions"/> columns.</summary>
    public ScreeningMatrix(ReadOnlySpan<float> rows, int dimensions)
        : this(rows, dimensions, Avx2.IsSupported)
    {
    }

    internal ScreeningMatrix(ReadOnlySpan<float> rows, int dimensions, bool coded)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimensions);
        ArgumentOutOfRangeException.ThrowIfNotEqual(rows.Length % dimensions, 0);
        Dimensions = dimensions;
        Count = rows.Length / dimensions;
        if (!coded)
        {
            _exact = new PanelMatrix(rows, dimensions);
            Stride = _exact.Stride;
            for (var row = 0; row < Count; row++)
            {
                _greatestNorm = Math.Max(_greatestNorm, ScreeningKernel.Measure(rows.Slice(row * dimensions, dimensions)).Norm);
            }

            return;
        }

        Stride = (Count + ScreeningKernel.Width - 1) / ScreeningKernel.Width * ScreeningKernel.Width;
        (_starts, _scales, _errors) = (new int[Stride], new float[Stride], new float[Stride]);
        _panels = new sbyte[Stride / ScreeningKernel.Width][];
        var codes = new sbyte[CodedDimensions];
        for (var row = 0; row < Count; row++)
        {
            var panel = _panels[row / ScreeningKernel.Width] ??= new sbyte[ScreeningKernel.Width * CodedDimensions];
            (_scales[row], var norm, _errors[row]) = ScreeningKernel.Encode(rows.Slice(row * dimensions, dimensions), codes, 0);
            _starts[row] = ScreeningKernel.Place(codes, panel, row % ScreeningKernel.Width);
            _greatestNorm = Math.Max(_greatestNorm, norm + _errors[row]);
        }
    }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>Components of a row.</summary>
    public int Dimensions { get; }

    /// <summary>Floats that one vector's bounds take; those from <see cref="Count"/> on say nothing.</summary>
    public int Stride { get; }

    private int CodedDimensions => (Dimensions + ScreeningKernel.Step - 1) / ScreeningKernel.Step * ScreeningKernel.Step;

    // What the rounding of floats adds to both products, of at most so many sums in a lane.
    private float Rounding => ((Dimensions / 16) + 32) * 1.2e-7f;

    /// <summary>
    /// What the <see cref="VectorMath.Dot"/> of a vector (row-major, <see cref="Dimensions"/> columns) with a row does not exceed: vector
    /// i's with row j goes to <c>bounds[i · Stride + j]</c>. For unit vectors of a few hundred dimensions it is some hundredths away.
    /// </summary>
    /// <param name="vectors">The vectors.</param>
    /// <param name="bounds"><see cref="Stride"/> floats for each vector, their number rounded up to a multiple of
    /// <see cref="Rows"/>.</param>
    public void Bound(ReadOnlySpan<float> vectors, Span<float> bounds)
    {
        var count = vectors.Length / Dimensions;
        var rounded = (count + Rows - 1) / Rows * Rows;
        ArgumentOutOfRangeException.ThrowIfNotEqual(vectors.Length, count * Dimensions);
        ArgumentOutOfRangeException.ThrowIfLessThan(bounds.Length, rounded * Stride);
        if (_exact is not null)
        {
            _exact.Multiply(vectors, bounds);
            for (var i = 0; i < count; i++)
            {
                // These products are summed one after the other, in one lane.
                var error = 16 * Rounding * _greatestNorm * ScreeningKernel.Measure(vectors.Slice(i * Dimensions, Dimensions)).Norm;
                TensorPrimitives.Add(bounds.Slice(i * Stride, Stride), error, bounds.Slice(i * Stride, Stride));
            }

            return;
        }

        var coded = CodedDimensions;
        var codes = ArrayPool<sbyte>.Shared.Rent(rounded * coded);
        var terms = ArrayPool<BoundTerms>.Shared.Rent(rounded);
        for (var i = 0; i < count; i++)
        {
            var (scale, norm, error) = ScreeningKernel.Encode(
                vectors.Slice(i * Dimensions, Dimensions), codes.AsSpan(i * coded, coded), ScreeningKernel.Lift);
            terms[i] = new BoundTerms(scale, 1.0001f * norm, 1.0001f * _greatestNorm * (error + (norm * Rounding)));
        }

        for (var panel = 0; panel < _panels.Length; panel++)
        {
            var from = panel * ScreeningKernel.Width;
            for (var i = 0; i < count; i += Rows)
            {
                ScreeningKernel.Bound(
                    codes.AsSpan(i * coded, Rows * coded),
                    _panels[panel],
                    terms.AsSpan(i, Rows),
                    _starts.AsSpan(from, ScreeningKernel.Width),
                    _scales.AsSpan(from, ScreeningKernel.Width),
                    _errors.AsSpan(from, ScreeningKernel.Width),
                    bounds.Slice((i * Stride) + from, ((Rows - 1) * Stride) + ScreeningKernel.Width),
                    Stride);
            }
        }

        ArrayPool<BoundTerms>.Shared.Return(terms);
        ArrayPool<sbyte>.Shared.Return(codes);
    }
}
