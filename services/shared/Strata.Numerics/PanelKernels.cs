using System.Runtime.Intrinsics;

namespace Strata.Numerics;

/// <summary>
/// The innermost loops of <see cref="PanelMatrix"/>: eight rows against 32 columns. Lanes are columns and every sum runs over the
/// dimensions in order with fused multiply-add, so both widths give the same bits. Sixteen accumulators hide the latency of the
/// multiply-add; written out because only locals stay in registers.
/// </summary>
internal static unsafe class PanelKernels
{
    public const int Rows = 8;
    public const int Lanes = 16;

    /// <summary>Eight rows, registers of 512 bits.</summary>
    public static void Wide(float* rows, float* panel, int dimensions, float* scores, int stride)
    {
        var a0 = Vector512<float>.Zero;
        var b0 = Vector512<float>.Zero;
        var a1 = Vector512<float>.Zero;
        var b1 = Vector512<float>.Zero;
        var a2 = Vector512<float>.Zero;
        var b2 = Vector512<float>.Zero;
        var a3 = Vector512<float>.Zero;
        var b3 = Vector512<float>.Zero;
        var a4 = Vector512<float>.Zero;
        var b4 = Vector512<float>.Zero;
        var a5 = Vector512<float>.Zero;
        var b5 = Vector512<float>.Zero;
        var a6 = Vector512<float>.Zero;
        var b6 = Vector512<float>.Zero;
        var a7 = Vector512<float>.Zero;
        var b7 = Vector512<float>.Zero;
        for (var k = 0; k < dimensions; k++)
        {
            var first = Vector512.LoadAligned(panel);
            var second = Vector512.LoadAligned(panel + Lanes);
            panel += PanelMatrix.Width;
            Vector512<float> x;
            x = Vector512.Create(rows[k]);
            a0 = Vector512.FusedMultiplyAdd(x, first, a0);
            b0 = Vector512.FusedMultiplyAdd(x, second, b0);
            x = Vector512.Create(rows[dimensions + k]);
            a1 = Vector512.FusedMultiplyAdd(x, first, a1);
            b1 = Vector512.FusedMultiplyAdd(x, second, b1);
            x = Vector512.Create(rows[(2 * dimensions) + k]);
            a2 = Vector512.FusedMultiplyAdd(x, first, a2);
            b2 = Vector512.FusedMultiplyAdd(x, second, b2);
            x = Vector512.Create(rows[(3 * dimensions) + k]);
            a3 = Vector512.FusedMultiplyAdd(x, first, a3);
            b3 = Vector512.FusedMultiplyAdd(x, second, b3);
            x = Vector512.Create(rows[(4 * dimensions) + k]);
            a4 = Vector512.FusedMultiplyAdd(x, first, a4);
            b4 = Vector512.FusedMultiplyAdd(x, second, b4);
            x = Vector512.Create(rows[(5 * dimensions) + k]);
            a5 = Vector512.FusedMultiplyAdd(x, first, a5);
            b5 = Vector512.FusedMultiplyAdd(x, second, b5);
            x = Vector512.Create(rows[(6 * dimensions) + k]);
            a6 = Vector512.FusedMultiplyAdd(x, first, a6);
            b6 = Vector512.FusedMultiplyAdd(x, second, b6);
            x = Vector512.Create(rows[(7 * dimensions) + k]);
            a7 = Vector512.FusedMultiplyAdd(x, first, a7);
            b7 = Vector512.FusedMultiplyAdd(x, second, b7);
        }

        a0.Store(scores);
        b0.Store(scores + Lanes);
        a1.Store(scores + stride);
        b1.Store(scores + stride + Lanes);
        a2.Store(scores + (2 * stride));
        b2.Store(scores + (2 * stride) + Lanes);
        a3.Store(scores + (3 * stride));
        b3.Store(scores + (3 * stride) + Lanes);
        a4.Store(scores + (4 * stride));
        b4.Store(scores + (4 * stride) + Lanes);
        a5.Store(scores + (5 * stride));
        b5.Store(scores + (5 * stride) + Lanes);
        a6.Store(scores + (6 * stride));
        b6.Store(scores + (6 * stride) + Lanes);
        a7.Store(scores + (7 * stride));
        b7.Store(scores + (7 * stride) + Lanes);
    }

    /// <summary>One row, registers of 512 bits.</summary>
    public static void WideRow(float* row, float* panel, int dimensions, float* scores)
    {
        var a = Vector512<float>.Zero;
        var b = Vector512<float>.Zero;
        for (var k = 0; k < dimensions; k++)
        {
            var x = Vector512.Create(row[k]);
            a = Vector512.FusedMultiplyAdd(x, Vector512.LoadAligned(panel), a);
            b = Vector512.FusedMultiplyAdd(x, Vector512.LoadAligned(panel + Lanes), b);
            panel += PanelMatrix.Width;
        }

        a.Store(scores);
        b.Store(scores + Lanes);
    }

    /// <summary>Four rows against 16 of the panel's columns, registers of 256 bits.</summary>
    public static void Narrow(float* rows, float* panel, int dimensions, float* scores, int stride)
    {
        var a0 = Vector256<float>.Zero;
        var b0 = Vector256<float>.Zero;
        var a1 = Vector256<float>.Zero;
        var b1 = Vector256<float>.Zero;
        var a2 = Vector256<float>.Zero;
        var b2 = Vector256<float>.Zero;
        var a3 = Vector256<float>.Zero;
        var b3 = Vector256<float>.Zero;
        for (var k = 0; k < dimensions; k++)
        {
            var first = Vector256.LoadAligned(panel);
            var second = Vector256.LoadAligned(panel + 8);
            panel += PanelMatrix.Width;
            Vector256<float> x;
            x = Vector256.Create(rows[k]);
            a0 = Vector256.FusedMultiplyAdd(x, first, a0);
            b0 = Vector256.FusedMultiplyAdd(x, second, b0);
            x = Vector256.Create(rows[dimensions + k]);
            a1 = Vector256.FusedMultiplyAdd(x, first, a1);
            b1 = Vector256.FusedMultiplyAdd(x, second, b1);
            x = Vector256.Create(rows[(2 * dimensions) + k]);
            a2 = Vector256.FusedMultiplyAdd(x, first, a2);
            b2 = Vector256.FusedMultiplyAdd(x, second, b2);
            x = Vector256.Create(rows[(3 * dimensions) + k]);
            a3 = Vector256.FusedMultiplyAdd(x, first, a3);
            b3 = Vector256.FusedMultiplyAdd(x, second, b3);
        }

        a0.Store(scores);
        b0.Store(scores + 8);
        a1.Store(scores + stride);
        b1.Store(scores + stride + 8);
        a2.Store(scores + (2 * stride));
        b2.Store(scores + (2 * stride) + 8);
        a3.Store(scores + (3 * stride));
        b3.Store(scores + (3 * stride) + 8);
    }

    /// <summary>One row against 8 of the panel's columns, registers of 256 bits.</summary>
    public static void NarrowRow(float* row, float* panel, int dimensions, float* scores)
    {
        var a = Vector256<float>.Zero;
        for (var k = 0; k < dimensions; k++)
        {
            a = Vector256.FusedMultiplyAdd(Vector256.Create(row[k]), Vector256.LoadAligned(panel), a);
            panel += PanelMatrix.Width;
        }

        a.Store(scores);
    }
}
