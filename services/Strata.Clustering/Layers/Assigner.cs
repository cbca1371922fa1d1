using System.Buffers;
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
        int first = -1, second = -1, third = -1;
        float best = float.NegativeInfinity, next = float.NegativeInfinity, last = float.NegativeInfinity;
        ref var start = ref MemoryMarshal.GetReference(scores);
        for (var i = 0; i < scores.Length; i += Lanes)
        {
            // Most blocks hold nothing above the third best so far: one comparison passes over sixteen scores.
            if (i <= scores.Length - Lanes && !Vector512.GreaterThanAny(Vector512.LoadUnsafe(ref start, (nuint)i), Vector512.Create(last)))
            {
                continue;
            }

            var end = Math.Min(i + Lanes, scores.Length);
            for (var j = i; j < end; j++)
            {
                var score = scores[j];
                if (score > best)
                {
                    (third, last, second, next, first, best) = (second, next, first, best, j, score);
                }
                else if (score > next)
                {
                    (third, last, second, next) = (second, next, j, score);
                }
                else if (score > last)
                {
                    (third, last) = (j, score);
                }
            }
        }

        return new Nearest(first, best, second, next, third, last);
    }
}
