using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Strata.Clustering.Layers;
using Strata.Numerics;

namespace Strata.Clustering.Assignment;

/// <summary>
/// Finds the nearest centroids of unit vectors by cosine: a product in seven bits says which may be among the three nearest
/// (<see cref="ScreeningMatrix"/>), and their cosines are computed. Ties go to the lower index, and the cosines' bits are the same on every
/// machine and in every grouping of the points, so an assignment is a function of the point and the set. Immutable and safe to share.
/// </summary>
public sealed class Assigner
{
    private const int Lanes = 8;

    // Bounds of one block stay near the core: 64 points at K = 1,024 are 256 KiB.
    private const int Block = 64;

    private readonly ReadOnlyMemory<float> _centroids;
    private readonly ScreeningMatrix _screen;

    /// <summary>Packs centroids, row-major, which must not change any more.</summary>
    public Assigner(ReadOnlyMemory<float> centroids, int dimensions)
        => (_centroids, _screen) = (centroids, new ScreeningMatrix(centroids.Span, dimensions));

    /// <summary>Packs the centroids of a set.</summary>
    public Assigner(LayerSet set)
        : this(set.Centroids, set.Dimensions)
    {
    }

    /// <summary>Finds the nearest centroids of each point (row-major unit vectors).</summary>
    public void Assign(ReadOnlySpan<float> points, Span<Nearest> nearest)
    {
        var dimensions = _screen.Dimensions;
        var count = points.Length / dimensions;
        var stride = _screen.Stride;
        var bounds = ArrayPool<float>.Shared.Rent((Math.Min(count, Block) + ScreeningMatrix.Rows) * stride);
        var chosen = ArrayPool<int>.Shared.Rent(stride);
        for (var from = 0; from < count; from += Block)
        {
            var block = points.Slice(from * dimensions, Math.Min(Block, count - from) * dimensions);
            _screen.Bound(block, bounds);
            for (var i = 0; i * dimensions < block.Length; i++)
            {
                nearest[from + i] = TopThree(block.Slice(i * dimensions, dimensions), bounds.AsSpan(i * stride, _screen.Count), chosen);
            }
        }

        ArrayPool<int>.Shared.Return(chosen);
        ArrayPool<float>.Shared.Return(bounds);
    }

    private Nearest TopThree(ReadOnlySpan<float> point, ReadOnlySpan<float> bounds, Span<int> chosen)
    {
        var found = new Found();
        var best = AtMostThirdBest(bounds[..(bounds.Length / Lanes * Lanes)]);
        Add(point, chosen[..Choose(bounds, best, float.PositiveInfinity, chosen)], ref found);
        // Whoever cannot reach the third of these has no place among the three.
        Add(point, chosen[..Choose(bounds, found.Nearest.ThirdCosine, best, chosen)], ref found);
        return found.Nearest;
    }

    /// <summary>
    /// Writes the indices of bounds from <paramref name="least"/> up to below <paramref name="below"/> and returns how many there are.
    /// </summary>
    private static int Choose(ReadOnlySpan<float> bounds, float least, float below, Span<int> chosen)
    {
        ref var start = ref MemoryMarshal.GetReference(bounds);
        var (lowest, end) = (Vector256.Create(least), Vector256.Create(below));
        var count = 0;
        var i = 0;
        for (; i <= bounds.Length - Lanes; i += Lanes)
        {
            var eight = Vector256.LoadUnsafe(ref start, (nuint)i);
            var hits = (Vector256.GreaterThanOrEqual(eight, lowest) & Vector256.LessThan(eight, end)).ExtractMostSignificantBits();
            for (; hits != 0; hits &= hits - 1)
            {
                chosen[count++] = i + BitOperations.TrailingZeroCount(hits);
            }
        }

        for (; i < bounds.Length; i++)
        {
            if (bounds[i] >= least && bounds[i] < below)
            {
                chosen[count++] = i;
            }
        }

        return count;
    }

    private void Add(ReadOnlySpan<float> point, ReadOnlySpan<int> chosen, ref Found found)
    {
        Span<float> cosines = stackalloc float[Lanes];
        for (; !chosen.IsEmpty; chosen = chosen[Math.Min(Lanes, chosen.Length)..])
        {
            var some = chosen[..Math.Min(Lanes, chosen.Length)];
            VectorMath.Dots(point, _centroids.Span, some, cosines);
            for (var i = 0; i < some.Length; i++)
            {
                found.Add(some[i], cosines[i]);
            }
        }
    }

    /// <summary>
    /// A bound that at least three reach and hardly more: the third of the lanes' greatest; −∞ where there are fewer lanes.
    /// </summary>
    private static float AtMostThirdBest(ReadOnlySpan<float> bounds)
    {
        ref var start = ref MemoryMarshal.GetReference(bounds);
        var lowest = Vector256.Create(float.NegativeInfinity);
        var greatest = lowest;
        for (var i = 0; i < bounds.Length; i += Lanes)
        {
            greatest = Vector256.MaxNative(greatest, Vector256.LoadUnsafe(ref start, (nuint)i));
        }

        greatest = Vector256.ConditionalSelect(Vector256.Equals(greatest, Greatest(greatest)), lowest, greatest);
        greatest = Vector256.ConditionalSelect(Vector256.Equals(greatest, Greatest(greatest)), lowest, greatest);
        return Greatest(greatest)[0];
    }

    /// <summary>The greatest lane in all lanes.</summary>
    private static Vector256<float> Greatest(Vector256<float> lanes)
    {
        var four = Vector128.MaxNative(lanes.GetLower(), lanes.GetUpper());
        four = Vector128.MaxNative(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Vector256.Create(Math.Max(four[0], four[1]));
    }

    private struct Found()
    {
        private int _first = -1;
        private int _second = -1;
        private int _third = -1;
        private float _best = float.NegativeInfinity;
        private float _next = float.NegativeInfinity;
        private float _last = float.NegativeInfinity;

        public readonly Nearest Nearest => new(_first, _best, _second, _next, _third, _last);

        public void Add(int index, float cosine)
        {
            if (IsNearer(index, cosine, _first, _best))
            {
                (_third, _last, _second, _next, _first, _best) = (_second, _next, _first, _best, index, cosine);
            }
            else if (IsNearer(index, cosine, _second, _next))
            {
                (_third, _last, _second, _next) = (_second, _next, index, cosine);
            }
            else if (IsNearer(index, cosine, _third, _last))
            {
                (_third, _last) = (index, cosine);
            }
        }

        private static bool IsNearer(int index, float cosine, int other, float otherCosine)
            => cosine > otherCosine || (cosine == otherCosine && index < other);
    }
}
