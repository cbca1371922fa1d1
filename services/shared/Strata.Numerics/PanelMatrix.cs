using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Strata.Numerics;

/// <summary>
/// A matrix of row vectors, packed once for many inner products with other vectors: panels of 32 rows, dimension by dimension, so that 16
/// rows lie in one register. Each inner product is summed over the dimensions in order with fused multiply-add: its bits depend neither on
/// the machine nor on what is computed beside it. Immutable and safe to share.
/// </summary>
public sealed class PanelMatrix
{
    /// <summary>Rows of a panel.</summary>
    public const int Width = 32;

    private const int Alignment = 64;
    private const int Tile = 16;
    private readonly float[] _packed;
    private readonly int _start;

    /// <summary>Packs <paramref name="rows"/>, a row-major matrix with <paramref name="dimensions"/> columns.</summary>
    public PanelMatrix(ReadOnlySpan<float> rows, int dimensions)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimensions);
        ArgumentOutOfRangeException.ThrowIfNotEqual(rows.Length % dimensions, 0);
        Dimensions = dimensions;
        Count = rows.Length / dimensions;
        Stride = (Count + Width - 1) / Width * Width;
        _packed = GC.AllocateUninitializedArray<float>((Stride * dimensions) + (Alignment / sizeof(float)), pinned: true);
        unsafe
        {
            var address = (nuint)Unsafe.AsPointer(ref _packed[0]);
            _start = (int)((Alignment - (address % Alignment)) % Alignment) / sizeof(float);
        }

        for (var first = 0; first < Count; first += Width)
        {
            Pack(
                rows[(first * dimensions)..],
                _packed.AsSpan(_start + (first * dimensions), Width * dimensions),
                Math.Min(Width, Count - first),
                dimensions);
        }
    }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>Components of a row.</summary>
    public int Dimensions { get; }

    /// <summary>Floats that one vector's scores take: <see cref="Count"/> rounded up to whole panels.</summary>
    public int Stride { get; }

    /// <summary>
    /// Inner products of every vector (row-major, <see cref="Dimensions"/> columns) with every row: vector i's with row j goes to
    /// <c>scores[i · Stride + j]</c>. Places from <see cref="Count"/> on are filled with zeros.
    /// </summary>
    public void Multiply(ReadOnlySpan<float> vectors, Span<float> scores) => Multiply(vectors, scores, Vector512.IsHardwareAccelerated);

    internal unsafe void Multiply(ReadOnlySpan<float> vectors, Span<float> scores, bool wide)
    {
        var count = vectors.Length / Dimensions;
        ArgumentOutOfRangeException.ThrowIfNotEqual(vectors.Length, count * Dimensions);
        ArgumentOutOfRangeException.ThrowIfLessThan(scores.Length, count * Stride);
        fixed (float* x = vectors, to = scores)
        fixed (float* packed = &_packed[_start])
        {
            for (var column = 0; column < Stride; column += Width)
            {
                var panel = packed + (column * Dimensions);
                var i = 0;
                for (; i <= count - PanelKernels.Rows; i += PanelKernels.Rows)
                {
                    Block(x + (i * Dimensions), panel, to + (i * Stride) + column, wide);
                }

                for (; i < count; i++)
                {
                    Row(x + (i * Dimensions), panel, to + (i * Stride) + column, wide);
                }
            }
        }
    }

    /// <summary>Turns up to 32 rows into a panel, 16 dimensions at a time: read and written, they stay in the nearest cache.</summary>
    private static void Pack(ReadOnlySpan<float> rows, Span<float> panel, int count, int dimensions)
    {
        if (count < Width)
        {
            panel.Clear();
        }

        for (var from = 0; from < dimensions; from += Tile)
        {
            var width = Math.Min(Tile, dimensions - from);
            for (var row = 0; row < count; row++)
            {
                var part = rows.Slice((row * dimensions) + from, width);
                var to = panel.Slice((from * Width) + row, ((width - 1) * Width) + 1);
                for (var k = 0; k < part.Length; k++)
                {
                    to[k * Width] = part[k];
                }
            }
        }
    }

    private unsafe void Block(float* x, float* panel, float* to, bool wide)
    {
        if (wide)
        {
            PanelKernels.Wide(x, panel, Dimensions, to, Stride);
            return;
        }

        for (var half = 0; half < Width; half += PanelKernels.Lanes)
        {
            PanelKernels.Narrow(x, panel + half, Dimensions, to + half, Stride);
            PanelKernels.Narrow(x + (4 * Dimensions), panel + half, Dimensions, to + (4 * Stride) + half, Stride);
        }
    }

    private unsafe void Row(float* x, float* panel, float* to, bool wide)
    {
        if (wide)
        {
            PanelKernels.WideRow(x, panel, Dimensions, to);
            return;
        }

        for (var eighth = 0; eighth < Width; eighth += 8)
        {
            PanelKernels.NarrowRow(x, panel + eighth, Dimensions, to + eighth);
        }
    }
}
