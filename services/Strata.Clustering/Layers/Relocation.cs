using System.Runtime.InteropServices;
using Strata.Numerics;

namespace Strata.Clustering.Layers;

/// <summary>
/// Keeps a set healthy: takes the layer that is needed least and gives its place to the half of a layer whose split saves more, both judged on a sample of recent points. Centroid, W, S, U, Q and age change
/// together, so the next delta does not undo a move; both masses stay in the set.
/// </summary>
public static class Relocation
{
    // A new topic shows as error; a pair of rare ones in one layer does not, so the other layers are looked at in turn.
    private const int MostInError = 16;
    private const ulong Turns = 4;

    /// <summary>The set after at most <see cref="LayersOptions.MovesPerEpoch"/> moves, with the moves.</summary>
    /// <param name="set">The set at the beginning of an epoch.</param>
    /// <param name="samples">Recent points, raw, in an order that is the same for the same log.</param>
    /// <param name="options">Limits.</param>
    public static (LayerSet Set, IReadOnlyList<LayerMove> Moves) Step(LayerSet set, IReadOnlyList<Int8Vector> samples, LayersOptions options)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(options);
        var moves = new List<LayerMove>();
        float[]? points = null;
        while (moves.Count < options.MovesPerEpoch && set.Count > 2)
        {
            points ??= Centre(set, samples);
            var nearest = new Nearest[points.Length / set.Dimensions];
            new Assigner(set).Assign(points, nearest);
            var needs = NeedsOf(set, nearest);
            if (LeastNeeded(set, needs, options.MoveAge) is not (>= 0 and var removed)
                || BestSplit(set, removed, points, nearest, options.MoveMembers, options.MoveGain * needs[removed]) is not { } split)
            {
                break;
            }

            (set, var move) = Move(set, removed, needs[removed], split);
            moves.Add(move);
        }

        return (set, moves);
    }

    private static double[] NeedsOf(LayerSet set, Nearest[] nearest)
    {
        var needs = new double[set.Count];
        foreach (var point in nearest)
        {
            needs[point.First] += point.Need;
        }

        return needs;
    }

    private static int LeastNeeded(LayerSet set, double[] needs, int youngest)
    {
        var least = -1;
        for (var i = 0; i < set.Count; i++)
        {
            if (set.AgeOf(i) > (ulong)youngest && (least < 0 || needs[i] < needs[least]))
            {
                least = i;
            }
        }

        return least;
    }

    private static float[] Centre(LayerSet set, IReadOnlyList<Int8Vector> samples)
    {
        var points = new float[samples.Count * set.Dimensions];
        var count = 0;
        foreach (var sample in samples)
        {
            if (sample.Dimensions == set.Dimensions && sample.TryCentre(set.Mean.Span, points.AsSpan(count * set.Dimensions, set.Dimensions)))
            {
                count++;
            }
        }

        return points[..(count * set.Dimensions)];
    }

    private static Split? BestSplit(LayerSet set, int removed, float[] points, Nearest[] nearest, int leastMembers, double leastGain)
    {
        Split? best = null;
        var layers = Enumerable.Range(0, nearest.Length).GroupBy(i => nearest[i].First)
            .Where(layer => layer.Key != removed && layer.Count() >= leastMembers)
            .OrderByDescending(layer => layer.Sum(i => (double)nearest[i].Error)).ThenBy(layer => layer.Key)
            .Where((layer, rank) => rank < MostInError || (ulong)layer.Key % Turns == set.Epoch % Turns);
        foreach (var layer in layers)
        {
            best = Split.Fit(set, layer.Key, [.. layer], points, best?.Gain ?? leastGain) ?? best;
        }

        return best;
    }

    private static (LayerSet Set, LayerMove Move) Move(LayerSet set, int removed, double need, Split split)
    {
        var (goes, parent) = (set.Layers[removed], set.Layers[split.Parent]);
        var heirIndex = set.NearestTo(set.Centroid(removed), except: removed);
        var heirId = set.Layers[heirIndex].Id;
        var (first, second) = (set.NextLayerId, set.NextLayerId + 1);
        var layers = new List<LayerState>(set.Count);
        var centroids = new List<float>(set.Centroids.Length);
        for (var i = 0; i < set.Count; i++)
        {
            if (i == removed || i == split.Parent)
            {
                continue;
            }

            var layer = i == heirIndex ? Merge(set, set.Layers[i], goes) : set.Layers[i];
            var centroid = set.Centroid(i).ToArray();
            if (i == heirIndex)
            {
                LayerSetReducer.WriteCentroid(layer.Sum.Span, centroid);
            }

            layers.Add(layer);
            centroids.AddRange(centroid);
        }

        var divided = heirIndex == split.Parent ? Merge(set, parent, goes) : parent;
        foreach (var (id, child) in new[] { (first, split.First), (second, split.Second) })
        {
            layers.Add(child.ToLayer(set, id, divided, split.Gain / 2));
            centroids.AddRange(child.Centroid);
        }

        var share = (float)split.First.Share;
        var lineage = set.Lineage.With(goes.Id, (heirId, 1f)).With(parent.Id, (first, share), (second, 1 - share));
        var moved = set with
        {
            Layers = [.. layers],
            Centroids = CollectionsMarshal.AsSpan(centroids).ToArray(),
            NextLayerId = second + 1,
            Lineage = lineage,
        };
        return (moved, new LayerMove(set.Points, goes.Id, heirId, parent.Id, first, second, share, split.Gain, need));
    }

    private static LayerState Merge(LayerSet set, LayerState heir, LayerState goes)
    {
        var (own, other) = (set.DecaySince(heir.AsOfPoints), set.DecaySince(goes.AsOfPoints));
        var sum = new double[set.Dimensions];
        for (var k = 0; k < sum.Length; k++)
        {
            sum[k] = (own * heir.Sum.Span[k]) + (other * goes.Sum.Span[k]);
        }

        return heir with
        {
            Version = set.Version,
            Weight = (own * heir.Weight) + (other * goes.Weight),
            Sum = sum,
            // The need of a layer that goes is what is lost; the heir's own stays.
            Need = own * heir.Need,
            Error = (own * heir.Error) + (other * goes.Error),
            AsOfPoints = set.Points,
            Points = heir.Points + goes.Points,
        };
    }
}
