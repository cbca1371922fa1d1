using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Strata.Numerics;

namespace Strata.Clustering.Layers;

/// <summary>
/// Finds the nearest centroids of unit vectors by cosine: a blocked matrix product and one pass over its scores. Ties go to the lower index, and the scores' bits are the
/// same on every machine and in every grouping of the points, so an assignment is a function of the point and the set. Immutable and safe to share.
/// </summary>
public sealed class Assigner
{
    private const int Lanes = 16;

    // Scores of one block stay near the core: 64 points at K = 1,024 are 256 KiB.
    private const int Block = 64;

    private readonly PanelMatrix _centroids;

    /// <summary>Packs centroids, row-major.</summary>
    public Assigner(ReadOnlySpan<float> centroids, int dimensions) => _centroids = new PanelMatrix(centroids, dimensions);

    /// <summary>Packs the centroids of a set.</summary>
    public Assigner(LayerSet set)
        : this(set.Centroids.Span, set.Dimensions)
    {
    }

    /// <summary>Finds the nearest centroids of each point (row-major unit vectors).</summary>
    public void Assign(ReadOnlySpan<float> points, Span<Nearest> nearest)
    {
        var dimensions = _centroids.Dimensions;
        var count = points.Length / dimensions;
        var stride = _centroids.Stride;
        var scores = ArrayPool<float>.Shared.Rent(Math.Min(count, Block) * stride);
        for (var from = 0; from < count; from += Block)
        {
            var block = Math.Min(Block, count - from);
            _centroids.Multiply(points.Slice(from * dimensions, block * dimensions), scores);
            for (var i = 0; i < block; i++)
            {
                nearest[from + i] = TopThree(scores.AsSpan(i * stride, _centroids.Count));
            }
        }

        ArrayPool<float>.Shared.Return(scores);
    }

    private static Nearest TopThree(ReadOnlySpan<float> scores)
    {
        ref var start = ref MemoryMarshal.GetReference(scores);
        var whole = scores.Length / Lanes * Lanes;
        var threshold = AtMostThirdBest(scores[..whole]);
        var found = new Found();
        for (var i = 0; i < whole; i += Lanes)
        {
            for (var hits = Vector512.GreaterThanOrEqual(Vector512.LoadUnsafe(ref start, (nuint)i), threshold).ExtractMostSignificantBits(); hits != 0; hits &= hits - 1)
            {
                found.Add(scores, i + BitOperations.TrailingZeroCount(hits));
            }
        }

        for (var i = whole; i < scores.Length; i++)
        {
            found.Add(scores, i);
        }

        return found.Nearest;
    }

    /// <summary>A score that at least three reach and hardly more: the third of the lanes' greatest.</summary>
    private static Vector512<float> AtMostThirdBest(ReadOnlySpan<float> scores)
    {
        ref var start = ref MemoryMarshal.GetReference(scores);
        var lowest = Vector512.Create(float.NegativeInfinity);
        var greatest = lowest;
        for (var i = 0; i < scores.Length; i += Lanes)
        {
            greatest = Vector512.Max(greatest, Vector512.LoadUnsafe(ref start, (nuint)i));
        }

        greatest = Vector512.ConditionalSelect(Vector512.Equals(greatest, Greatest(greatest)), lowest, greatest);
        greatest = Vector512.ConditionalSelect(Vector512.Equals(greatest, Greatest(greatest)), lowest, greatest);
        return Greatest(greatest);
    }

    /// <summary>The greatest lane in all lanes.</summary>
    private static Vector512<float> Greatest(Vector512<float> lanes)
    {
        var eight = Vector256.Max(lanes.GetLower(), lanes.GetUpper());
        var four = Vector128.Max(eight.GetLower(), eight.GetUpper());
        four = Vector128.Max(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Vector512.Create(Math.Max(four[0], four[1]));
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

        public void Add(ReadOnlySpan<float> scores, int index)
        {
            var score = scores[index];
            if (score > _best)
            {
                (_third, _last, _second, _next, _first, _best) = (_second, _next, _first, _best, index, score);
            }
            else if (score > _next)
            {
                (_third, _last, _second, _next) = (_second, _next, index, score);
            }
            else if (score > _last)
            {
                (_third, _last) = (index, score);
            }
        }
    }
}
