using System.Buffers;
using System.Runtime.Intrinsics.X86;

namespace Strata.Numerics;

/// <summary>
/// A matrix of row vectors, packed once to tell which rows can have the greatest inner products with other vectors: every score comes with a bound of its error, and rows
/// that stay below what another is sure to reach need no exact product. Rows and vectors are rounded to seven bits a component, each with a scale of its own, which takes less than half the time
/// of the product in floats; on processors without AVX2 the scores are those of a <see cref="PanelMatrix"/>. Immutable and safe to share.
/// </summary>
/// <remarks>The bound is Cauchy–Schwarz: x·c − x̂·ĉ = x·(c − ĉ) + (x − x̂)·ĉ is at most ‖x‖·‖c − ĉ‖ + ‖x − x̂‖·‖ĉ‖.</remarks>
public sealed class ScreeningMatrix
{
    /// <summary>Vectors that are multiplied together; scores are written for as many.</summary>
    public const int Rows = ScreeningKernel.Rows;

    private readonly PanelMatrix? _exact;
    private readonly sbyte[][] _panels = [];
    private readonly int[] _starts = [];
    private readonly float[] _scales = [];
    private readonly float _greatestError;
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
        (_scales, _starts) = (new float[Stride], new int[Stride]);
        _panels = new sbyte[Stride / ScreeningKernel.Width][];
        var codes = new sbyte[CodedDimensions];
        for (var row = 0; row < Count; row++)
        {
            var panel = _panels[row / ScreeningKernel.Width] ??= new sbyte[ScreeningKernel.Width * CodedDimensions];
            (_scales[row], var norm, var error) = ScreeningKernel.Encode(rows.Slice(row * dimensions, dimensions), codes, 0);
            _starts[row] = ScreeningKernel.Place(codes, panel, row % ScreeningKernel.Width);
            _greatestError = Math.Max(_greatestError, error);
            _greatestNorm = Math.Max(_greatestNorm, norm + error);
        }
    }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>Components of a row.</summary>
    public int Dimensions { get; }

    /// <summary>Floats that one vector's scores take; those from <see cref="Count"/> on say nothing.</summary>
    public int Stride { get; }

    private int CodedDimensions => (Dimensions + ScreeningKernel.Step - 1) / ScreeningKernel.Step * ScreeningKernel.Step;

    // What the rounding of floats adds to both products, of at most so many sums in a lane.
    private float Rounding => ((Dimensions / 16) + 32) * 1.2e-7f;

    /// <summary>
    /// Scores of every vector (row-major, <see cref="Dimensions"/> columns) with every row: vector i's with row j goes to <c>scores[i · Stride + j]</c> and differs from their
    /// <see cref="VectorMath.Dot"/> by at most <c>errors[i]</c>.
    /// </summary>
    /// <param name="vectors">The vectors.</param>
    /// <param name="scores"><see cref="Stride"/> floats for each vector, their number rounded up to a multiple of <see cref="Rows"/>.</param>
    /// <param name="errors">One for each vector.</param>
    public void Multiply(ReadOnlySpan<float> vectors, Span<float> scores, Span<float> errors)
    {
        var count = vectors.Length / Dimensions;
        var rounded = (count + Rows - 1) / Rows * Rows;
        ArgumentOutOfRangeException.ThrowIfNotEqual(vectors.Length, count * Dimensions);
        ArgumentOutOfRangeException.ThrowIfLessThan(scores.Length, rounded * Stride);
        ArgumentOutOfRangeException.ThrowIfLessThan(errors.Length, count);
        if (_exact is not null)
        {
            _exact.Multiply(vectors, scores);
            for (var i = 0; i < count; i++)
            {
                // The products are summed one after the other, in one lane.
                errors[i] = ScreeningKernel.Measure(vectors.Slice(i * Dimensions, Dimensions)).Norm * _greatestNorm * 16 * Rounding;
            }

            return;
        }

        var coded = CodedDimensions;
        var codes = ArrayPool<sbyte>.Shared.Rent(rounded * coded);
        Span<float> scales = rounded <= 256 ? stackalloc float[rounded] : new float[rounded];
        for (var i = 0; i < count; i++)
        {
            (scales[i], var norm, var error) = ScreeningKernel.Encode(vectors.Slice(i * Dimensions, Dimensions), codes.AsSpan(i * coded, coded), ScreeningKernel.Lift);
            errors[i] = 1.0001f * ((norm * _greatestError) + (error * _greatestNorm) + (norm * _greatestNorm * Rounding));
        }

        for (var panel = 0; panel < _panels.Length; panel++)
        {
            var from = panel * ScreeningKernel.Width;
            for (var i = 0; i < count; i += Rows)
            {
                ScreeningKernel.Multiply(
                    codes.AsSpan(i * coded, Rows * coded), _panels[panel], scales.Slice(i, Rows), _starts.AsSpan(from, ScreeningKernel.Width), _scales.AsSpan(from, ScreeningKernel.Width),
                    scores.Slice((i * Stride) + from, ((Rows - 1) * Stride) + ScreeningKernel.Width), Stride);
            }
        }

        ArrayPool<sbyte>.Shared.Return(codes);
    }
}
