using System.Numerics;
using System.Runtime.InteropServices;
using Strata.RankingModel;

namespace Strata.Optimizer.Learning.Core;

/// <summary>The learner's inner loops over rows whose length is a whole number of SIMD vectors.</summary>
internal static class ListKernels
{
    /// <summary>Adds a row and its squares to two sums.</summary>
    public static void AddMoments(ReadOnlySpan<double> row, Span<double> sum, Span<double> squares)
    {
        ref var values = ref MemoryMarshal.GetReference(row);
        ref var sums = ref MemoryMarshal.GetReference(sum);
        ref var squared = ref MemoryMarshal.GetReference(squares);
        for (nuint f = 0; f < (nuint)row.Length; f += (nuint)Vector<double>.Count)
        {
            var value = Vector.LoadUnsafe(ref values, f);
            (Vector.LoadUnsafe(ref sums, f) + value).StoreUnsafe(ref sums, f);
            (Vector.LoadUnsafe(ref squared, f) + (value * value)).StoreUnsafe(ref squared, f);
        }
    }

    /// <summary>Standardises a row in place and returns its score.</summary>
    public static double StandardiseAndScore(
        Span<double> row,
        ReadOnlySpan<double> mean,
        ReadOnlySpan<double> scale,
        ReadOnlySpan<double> weights)
    {
        ref var values = ref MemoryMarshal.GetReference(row);
        ref var means = ref MemoryMarshal.GetReference(mean);
        ref var scales = ref MemoryMarshal.GetReference(scale);
        ref var factors = ref MemoryMarshal.GetReference(weights);
        var low = new Vector<double>(-LinearModel.Limit);
        var high = new Vector<double>(LinearModel.Limit);
        var score = Vector<double>.Zero;
        for (nuint f = 0; f < (nuint)row.Length; f += (nuint)Vector<double>.Count)
        {
            var x = (Vector.LoadUnsafe(ref values, f) - Vector.LoadUnsafe(ref means, f)) * Vector.LoadUnsafe(ref scales, f);
            x = Vector.Min(Vector.Max(x, low), high);
            x.StoreUnsafe(ref values, f);
            score += x * Vector.LoadUnsafe(ref factors, f);
        }

        return Vector.Sum(score);
    }

    public static void AddScaled(ReadOnlySpan<double> row, double factor, Span<double> sum)
    {
        ref var values = ref MemoryMarshal.GetReference(row);
        ref var sums = ref MemoryMarshal.GetReference(sum);
        for (nuint f = 0; f < (nuint)row.Length; f += (nuint)Vector<double>.Count)
        {
            (Vector.LoadUnsafe(ref sums, f) + (Vector.LoadUnsafe(ref values, f) * factor)).StoreUnsafe(ref sums, f);
        }
    }
}
