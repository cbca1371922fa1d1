using Strata.Clustering.Assignment;
using Strata.Clustering.Layers;
using Strata.Numerics;

namespace Strata.Clustering.Seeding;

/// <summary>
/// Makes a layer set from the catalogue: as much as is wanted of the mean of all vectors, then <see cref="SphericalKMeans"/> on the centred
/// ones. The layers start with the items' own sums, scaled down so that together they weigh at most a quarter of the half-life: interests
/// soon outweigh the catalogue.
/// </summary>
public static class LayerSeeding
{
    private const int LeastSample = 16_384;
    private const int SamplePerLayer = 64;

    /// <summary>
    /// Seeds a set from raw vectors of equal dimensions. With a <paramref name="previous"/> set its positions and its ids go on: no id is
    /// used twice, and the lineage says which new layer lies nearest to each old one, so users' weights move with it.
    /// </summary>
    /// <param name="vectors">The catalogue's raw vectors, in an order that is the same for the same catalogue.</param>
    /// <param name="encoder">Name of their encoder.</param>
    /// <param name="options">K and the rest.</param>
    /// <param name="previous">The set that is replaced, or null.</param>
    public static LayerSet Seed(IReadOnlyList<Int8Vector> vectors, string encoder, LayersOptions options, LayerSet? previous)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfZero(vectors.Count);
        var version = (previous?.Version ?? 0) + 1;
        var random = new Random(unchecked((int)version));
        var dimensions = vectors[0].Dimensions;
        var mean = MeanOf(vectors, options.Centring);
        var wanted = options.LayersFor(vectors.Count);
        var points = CentredSample(vectors, mean, Math.Max(LeastSample, SamplePerLayer * wanted), random);
        if (points.IsEmpty)
        {
            throw new InvalidDataException("all vectors of the catalogue are equal: there is no direction to seed layers from");
        }

        var centroids = SphericalKMeans.Fit(points, dimensions, wanted, options.LloydSteps, random, options.Reassignments);
        var count = centroids.Length / dimensions;
        var firstId = previous?.NextLayerId ?? 1;
        var set = new LayerSet
        {
            Version = version,
            Seeding = version,
            SeededItems = vectors.Count,
            Encoder = encoder,
            Mean = mean,
            Centroids = centroids,
            Layers = [],
            NextLayerId = firstId + (uint)count,
            HalfLifePoints = options.HalfLifeFor(count),
            EpochPoints = options.EpochFor(count),
            Samples = options.SamplesFor(count),
            EventTimeUnixMs = previous?.EventTimeUnixMs ?? 0,
            NextGroupId = previous?.NextGroupId ?? 1,
            History = (previous?.History ?? LayerHistory.Empty)
                .With(new LayerChange(version, previous?.EventTimeUnixMs ?? 0, (firstId, firstId + (uint)count - 1), null)),
        };
        set = set with { Layers = [.. FirstSums(set, points, firstId)] };
        return previous is null ? set : set with { Positions = previous.Positions, Lineage = Inherit(previous, set) };
    }

    private static float[] MeanOf(IReadOnlyList<Int8Vector> vectors, double share)
    {
        var sums = new long[vectors[0].Dimensions];
        var vector = new float[sums.Length];
        foreach (var item in vectors)
        {
            item.Decode(vector);
            FixedPoint.Add(sums, vector);
        }

        return [.. sums.Select(sum => (float)(share * FixedPoint.ToDouble(sum) / vectors.Count))];
    }

    private static Span<float> CentredSample(IReadOnlyList<Int8Vector> vectors, float[] mean, int limit, Random random)
    {
        var order = Enumerable.Range(0, vectors.Count).ToArray();
        var taken = Math.Min(limit, order.Length);
        for (var i = 0; taken < order.Length && i < taken; i++)
        {
            var other = random.Next(i, order.Length);
            (order[i], order[other]) = (order[other], order[i]);
        }

        var points = new float[taken * mean.Length];
        var count = 0;
        for (var i = 0; i < taken; i++)
        {
            if (vectors[order[i]].TryCentre(mean, points.AsSpan(count * mean.Length, mean.Length)))
            {
                count++;
            }
        }

        return points.AsSpan(0, count * mean.Length);
    }

    private static LayerState[] FirstSums(LayerSet set, ReadOnlySpan<float> points, uint firstId)
    {
        var dimensions = set.Dimensions;
        var nearest = new Nearest[points.Length / dimensions];
        new Assigner(set).Assign(points, nearest);
        var scale = Math.Min(1, set.HalfLifePoints / 4 / nearest.Length);
        var layers = new LayerState[set.Centroids.Length / dimensions];
        var sums = new long[set.Centroids.Length];
        var counts = new int[layers.Length];
        var needs = new double[layers.Length];
        var errors = new double[layers.Length];
        for (var i = 0; i < nearest.Length; i++)
        {
            var layer = nearest[i].First;
            FixedPoint.Add(sums.AsSpan(layer * dimensions, dimensions), points.Slice(i * dimensions, dimensions));
            counts[layer]++;
            needs[layer] += nearest[i].Need;
            errors[layer] += nearest[i].Error;
        }

        for (var layer = 0; layer < layers.Length; layer++)
        {
            layers[layer] = new LayerState
            {
                Id = firstId + (uint)layer,
                Version = set.Version,
                Weight = scale * counts[layer],
                Sum = sums.Skip(layer * dimensions).Take(dimensions).Select(sum => scale * FixedPoint.ToDouble(sum)).ToArray(),
                Need = scale * needs[layer],
                Error = scale * errors[layer],
                AsOfPoints = 0,
                BornPoints = 0,
            };
        }

        return layers;
    }

    private static Lineage Inherit(LayerSet previous, LayerSet set)
    {
        var lineage = previous.Lineage;
        if (previous.Dimensions != set.Dimensions || previous.Encoder != set.Encoder)
        {
            // Another encoder's space: nothing says which layer lies where.
            return Lineage.Empty;
        }

        var direction = new float[set.Dimensions];
        for (var i = 0; i < previous.Count; i++)
        {
            // Back to the raw space, and into the new centred one.
            for (var k = 0; k < direction.Length; k++)
            {
                direction[k] = previous.Centroid(i)[k] + previous.Mean.Span[k] - set.Mean.Span[k];
            }

            lineage = lineage.With(previous.Layers[i].Id, (set.Layers[set.NearestTo(direction)].Id, 1f));
        }

        return lineage;
    }
}
