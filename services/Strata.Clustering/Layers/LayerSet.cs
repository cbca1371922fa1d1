using System.Collections.Immutable;
using Strata.Numerics;

namespace Strata.Clustering.Layers;

/// <summary>
/// A version of the layers: an immutable snapshot. Layers lie in ascending id, so an index order is an id order. Sums are kept as of the
/// point count at which they last changed and decayed when they are looked at: a layer that absorbs nothing does not change.
/// </summary>
public sealed record LayerSet
{
    // What no longer comes must give way to what does sooner than it is forgotten.
    private const double SampleHalfLife = .25;
    private const double LeastSampleShare = 1.0 / 16;

    /// <summary>1 at the first seeding, one more with every absorbed delta and every new seeding.</summary>
    public required ulong Version { get; init; }

    /// <summary>Identity of the seeding: the version it made.</summary>
    public required ulong Seeding { get; init; }

    /// <summary>Items of the catalogue at seeding.</summary>
    public required int SeededItems { get; init; }

    /// <summary>Name of the encoder that made the vectors.</summary>
    public required string Encoder { get; init; }

    /// <summary>Mean vector of the catalogue at seeding, subtracted from raw vectors before any comparison.</summary>
    public required ReadOnlyMemory<float> Mean { get; init; }

    /// <summary>Unit centroids in the centred space, row-major, in the order of <see cref="Layers"/>.</summary>
    public required ReadOnlyMemory<float> Centroids { get; init; }

    /// <summary>The layers in ascending id.</summary>
    public required ImmutableArray<LayerState> Layers { get; init; }

    /// <summary>Points absorbed since the first seeding, or since the first of another encoder.</summary>
    public ulong Points { get; init; }

    /// <summary>The id of the next layer to be born; ids are never used again.</summary>
    public required uint NextLayerId { get; init; }

    /// <summary>Points after which half of a sum is left; infinite: nothing is forgotten.</summary>
    public required double HalfLifePoints { get; init; }

    /// <summary>Points of an epoch: ages are counted and moves considered by it.</summary>
    public required int EpochPoints { get; init; }

    /// <summary>Points of the reservoir that moves are judged on.</summary>
    public required int Samples { get; init; }

    /// <summary>Points after which the chance of a point to be in the reservoir has halved.</summary>
    public double SampleHalfLifePoints => HalfLifePoints * SampleHalfLife;

    /// <summary>
    /// Share of the points that travel with the deltas for the reservoir: half as many again as it holds on in the long run, Samples · ln 2
    /// / half-life, so that hardly one that would have stayed is missing.
    /// </summary>
    public double SampleShare => Math.Clamp(1.5 * Samples * Math.Log(2) / SampleHalfLifePoints, LeastSampleShare, 1);

    /// <summary>Offset in the deltas' log of the oldest delta that the reservoir still has a point of; null: it is empty.</summary>
    public long? SamplesFrom { get; init; }

    /// <summary>Next offset expected from each partition of the interest points.</summary>
    public ImmutableSortedDictionary<int, LogPosition> Positions { get; init; } = ImmutableSortedDictionary<int, LogPosition>.Empty;

    /// <summary>Next offset of each partition of the items' features that the seeding had not seen.</summary>
    public ImmutableSortedDictionary<int, long> CatalogueNext { get; init; } = ImmutableSortedDictionary<int, long>.Empty;

    /// <summary>Who took over from layers that are gone.</summary>
    public Lineage Lineage { get; init; } = Lineage.Empty;

    /// <summary>Seedings and moves, the newest last.</summary>
    public LayerHistory History { get; init; } = LayerHistory.Empty;

    /// <summary>What became of the moves that operators asked for, the newest last.</summary>
    public ImmutableArray<MoveAnswer> Answers { get; init; } = [];

    /// <summary>The id of the next group; ids are never used again.</summary>
    public uint NextGroupId { get; init; } = 1;

    /// <summary>Newest event time absorbed, milliseconds since the Unix epoch.</summary>
    public long EventTimeUnixMs { get; init; }

    /// <summary>Components of a vector.</summary>
    public int Dimensions => Mean.Length;

    /// <summary>Number of layers, K.</summary>
    public int Count => Layers.Length;

    /// <summary>Epochs begun since the seeding.</summary>
    public ulong Epoch => Points / (ulong)EpochPoints;

    /// <summary>The unit centroid of the layer at <paramref name="index"/>.</summary>
    public ReadOnlySpan<float> Centroid(int index) => Centroids.Span.Slice(index * Dimensions, Dimensions);

    /// <summary>Index of a layer by its id; negative when no such layer lives.</summary>
    public int IndexOf(uint layerId)
    {
        var low = 0;
        var high = Layers.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var id = Layers[middle].Id;
            if (id == layerId)
            {
                return middle;
            }

            if (id < layerId)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return -1;
    }

    /// <summary>What is left now of a sum that was last changed at <paramref name="asOfPoints"/>: 2^(−points since / half-life).</summary>
    public double DecaySince(ulong asOfPoints) => double.Exp2(-(double)(Points - asOfPoints) / HalfLifePoints);

    /// <summary>Decayed number of points of the layer at <paramref name="index"/>.</summary>
    public double WeightOf(int index) => Layers[index].Weight * DecaySince(Layers[index].AsOfPoints);

    /// <summary>
    /// What a point of demand weighs among all layers where an item weighs 1: min(1, N/D), where N is what all items weigh and D the
    /// decayed number of points. 1 where the catalogue weighs nothing.
    /// </summary>
    public double PointWeight
    {
        get
        {
            var (items, points) = (0.0, 0.0);
            for (var i = 0; i < Count; i++)
            {
                items += Layers[i].CatalogueWeight;
                points += WeightOf(i);
            }

            return items > 0 && points > items ? items / points : 1;
        }
    }

    /// <summary>What each layer weighs: its items, and its decayed points at the weight of a point.</summary>
    public double[] Masses()
    {
        var point = PointWeight;
        return [.. Enumerable.Range(0, Count).Select(i => Layers[i].CatalogueWeight + (point * WeightOf(i)))];
    }

    /// <summary>Whole epochs since the birth of the layer at <paramref name="index"/>.</summary>
    public ulong AgeOf(int index) => Epoch - (Layers[index].BornPoints / (ulong)EpochPoints);

    /// <summary>Indices of the layers nearest to the one at <paramref name="index"/>, nearest first; ties to the lower id.</summary>
    public IEnumerable<int> Nearest(int index, int count)
        => Enumerable.Range(0, Count).Where(i => i != index)
            .OrderByDescending(i => VectorMath.Dot(Centroid(i), Centroid(index))).Take(count);

    /// <summary>Index of the layer nearest to a direction in the centred space; ties to the lower id.</summary>
    public int NearestTo(ReadOnlySpan<float> direction, int except = -1)
    {
        var best = -1;
        var bestCosine = float.NegativeInfinity;
        for (var i = 0; i < Count; i++)
        {
            if (i == except)
            {
                continue;
            }

            var cosine = VectorMath.Dot(Centroid(i), direction);
            if (cosine > bestCosine)
            {
                (best, bestCosine) = (i, cosine);
            }
        }

        return best;
    }
}

/// <summary>How far the log of a partition has been absorbed.</summary>
/// <param name="Log">Identity of the log.</param>
/// <param name="Next">Next offset expected.</param>
public readonly record struct LogPosition(ulong Log, long Next);
