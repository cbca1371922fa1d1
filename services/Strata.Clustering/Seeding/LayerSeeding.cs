using System.Collections.Immutable;
using Strata.Clustering.Assignment;
using Strata.Clustering.Layers;
using Strata.Numerics;

namespace Strata.Clustering.Seeding;

/// <summary>
/// Makes a layer set from the catalogue: as much as is wanted of the mean of all vectors, then <see cref="SphericalKMeans"/> on the centred
/// ones. The same catalogue gives the same layers, whatever was there before. Where items weigh (<see cref="LayersOptions.ItemWeight"/>) a
/// layer has three at least, and starts with the demand of those that it takes over from; else it starts with the items' own sums, scaled
/// down so that together they weigh at most a quarter of the half-life.
/// </summary>
public static class LayerSeeding
{
    private const int LeastSample = 16_384;
    private const int SamplePerLayer = 64;
    private const int Chance = 20_171;

    // After layers with too few items are gone.
    private const int SettlingSteps = 5;

    /// <summary>
    /// Seeds a set from raw vectors of equal dimensions. With a <paramref name="previous"/> set its positions and its ids go on: a layer
    /// that is nearly the same keeps its id, no other id is used twice, and the lineage says where each old layer's items are now, so
    /// users' weights move with them.
    /// </summary>
    /// <param name="vectors">The catalogue's raw vectors, in an order that is the same for the same catalogue.</param>
    /// <param name="encoder">Name of their encoder.</param>
    /// <param name="options">K and the rest.</param>
    /// <param name="previous">The set that is replaced, or null.</param>
    /// <exception cref="InvalidDataException">The vectors have no direction.</exception>
    public static LayerSet Seed(IReadOnlyList<Int8Vector> vectors, string encoder, LayersOptions options, LayerSet? previous)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfZero(vectors.Count);
        var random = new Random(Chance);
        var dimensions = vectors[0].Dimensions;
        var mean = MeanOf(vectors, options.Centring);
        var wanted = options.LayersFor(vectors.Count);
        var (sample, points) = CentredSample(vectors, mean, Math.Max(LeastSample, SamplePerLayer * wanted), random);
        if (points.Length == 0)
        {
            throw new InvalidDataException("all vectors of the catalogue are equal: there is no direction to seed layers from");
        }

        var centroids = SphericalKMeans.Fit(points, dimensions, wanted, options.LloydSteps, random, options.Reassignments);
        if (options.ItemWeight > 0)
        {
            centroids = WithoutGhosts(points, dimensions, centroids);
        }

        var version = (previous?.Version ?? 0) + 1;
        var count = centroids.Length / dimensions;
        var comparable = previous is not null && previous.Dimensions == dimensions && previous.Encoder == encoder;
        var set = new LayerSet
        {
            Version = version,
            Seeding = version,
            SeededItems = vectors.Count,
            Encoder = encoder,
            Mean = mean,
            Centroids = centroids,
            Layers = [],
            NextLayerId = previous?.NextLayerId ?? 1,
            HalfLifePoints = options.HalfLifeFor(count),
            EpochPoints = options.EpochFor(count),
            Samples = options.SamplesFor(count),
            Points = comparable ? previous!.Points : 0,
            EventTimeUnixMs = previous?.EventTimeUnixMs ?? 0,
            Positions = previous?.Positions ?? ImmutableSortedDictionary<int, LogPosition>.Empty,
            Answers = previous?.Answers ?? [],
            NextGroupId = previous?.NextGroupId ?? 1,
        };
        var nearest = new Nearest[sample.Count];
        new Assigner(set.Centroids.ToArray(), dimensions).Assign(points, nearest);
        var inheritance = comparable
            ? new LayerInheritance(previous!, sample, Array.ConvertAll(nearest, point => point.First), set)
            : null;
        var (ids, nextId) = inheritance?.Ids(count, set.NextLayerId)
            ?? ([.. Enumerable.Range(0, count).Select(i => set.NextLayerId + (uint)i)], set.NextLayerId + (uint)count);
        var layers = FirstLayers(set, points, nearest, ids, options.ItemWeight * vectors.Count / sample.Count);
        if (inheritance is not null)
        {
            layers = [.. layers.Select((layer, i) => inheritance.WithDemand(set, i, layer))];
        }

        var born = nextId > set.NextLayerId ? (set.NextLayerId, nextId - 1) : (0u, 0u);
        uint[] gone = [.. previous?.Layers.Select(layer => layer.Id).Except(ids) ?? []];
        var change = new LayerChange(version, set.EventTimeUnixMs, born, null) { Gone = gone.Length <= LayerChange.MostGone ? gone : [] };
        return InOrder(set with
        {
            Layers = [.. layers],
            NextLayerId = nextId,
            Lineage = inheritance?.Lineage(ids) ?? Lineage.Empty,
            History = (previous?.History ?? LayerHistory.Empty).With(change),
        });
    }

    /// <summary>Layers lie in ascending id.</summary>
    private static LayerSet InOrder(LayerSet set)
    {
        var order = Enumerable.Range(0, set.Count).OrderBy(i => set.Layers[i].Id).ToArray();
        var centroids = new float[set.Centroids.Length];
        for (var i = 0; i < order.Length; i++)
        {
            set.Centroid(order[i]).CopyTo(centroids.AsSpan(i * set.Dimensions));
        }

        return set with { Layers = [.. order.Select(i => set.Layers[i])], Centroids = centroids };
    }

    /// <summary>
    /// The centroids without those that fewer than <see cref="LayersOptions.LeastItems"/> points are nearest to; the two largest stay.
    /// </summary>
    private static float[] WithoutGhosts(ReadOnlySpan<float> points, int dimensions, float[] centroids)
    {
        while (true)
        {
            var (_, counts) = CatalogueMass.Count(
                points, new Assigner(centroids, dimensions), centroids.Length / dimensions, dimensions);
            var stays = Enumerable.Range(0, counts.Length).Where(i => counts[i] >= LayersOptions.LeastItems).ToArray();
            if (stays.Length < 2)
            {
                stays = [.. Enumerable.Range(0, counts.Length).OrderByDescending(i => counts[i]).Take(2).Order()];
            }

            if (stays.Length == counts.Length)
            {
                return centroids;
            }

            var left = new float[stays.Length * dimensions];
            for (var i = 0; i < stays.Length; i++)
            {
                centroids.AsSpan(stays[i] * dimensions, dimensions).CopyTo(left.AsSpan(i * dimensions));
            }

            SphericalKMeans.Lloyd(points, dimensions, left, SettlingSteps, new Nearest[points.Length / dimensions]);
            centroids = left;
        }
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

    /// <summary>At most so many of the vectors that have a direction, as they are and centred.</summary>
    private static (IReadOnlyList<Int8Vector> Raw, float[] Centred) CentredSample(
        IReadOnlyList<Int8Vector> vectors, float[] mean, int limit, Random random)
    {
        var order = Enumerable.Range(0, vectors.Count).ToArray();
        var taken = Math.Min(limit, order.Length);
        for (var i = 0; taken < order.Length && i < taken; i++)
        {
            var other = random.Next(i, order.Length);
            (order[i], order[other]) = (order[other], order[i]);
        }

        var raw = new List<Int8Vector>(taken);
        var points = new float[taken * mean.Length];
        for (var i = 0; i < taken; i++)
        {
            if (vectors[order[i]].TryCentre(mean, points.AsSpan(raw.Count * mean.Length, mean.Length)))
            {
                raw.Add(vectors[order[i]]);
            }
        }

        return (raw, points[..(raw.Count * mean.Length)]);
    }

    private static LayerState[] FirstLayers(LayerSet set, ReadOnlySpan<float> points, Nearest[] nearest, uint[] ids, double itemWeight)
    {
        var dimensions = set.Dimensions;
        var layers = new LayerState[ids.Length];
        var (sums, counts) = CatalogueMass.Count(points, nearest, ids.Length, dimensions);
        var (needs, errors) = (new double[ids.Length], new double[ids.Length]);
        foreach (var point in nearest)
        {
            needs[point.First] += point.Need;
            errors[point.First] += point.Error;
        }

        // Where items weigh nothing they are the first points.
        var scale = itemWeight > 0 ? 0 : Math.Min(1, set.HalfLifePoints / 4 / nearest.Length);
        for (var layer = 0; layer < layers.Length; layer++)
        {
            var sum = sums.AsSpan(layer * dimensions, dimensions).ToArray();
            layers[layer] = new LayerState
            {
                Id = ids[layer],
                Version = set.Version,
                Weight = scale * counts[layer],
                Sum = Array.ConvertAll(sum, x => scale * FixedPoint.ToDouble(x)),
                Need = scale * needs[layer],
                Error = scale * errors[layer],
                CatalogueWeight = itemWeight * counts[layer],
                CatalogueSum = itemWeight > 0 ? CatalogueMass.Scaled(sum, itemWeight) : default,
                AsOfPoints = set.Points,
                BornPoints = set.Points,
            };
        }

        return layers;
    }
}
