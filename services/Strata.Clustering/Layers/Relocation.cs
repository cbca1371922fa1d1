using System.Runtime.InteropServices;
using Strata.Numerics;

namespace Strata.Clustering.Layers;

/// <summary>
/// Keeps a set healthy: takes the layer that is needed least and gives its place to the half of a layer whose split saves more. Centroid, W, S, U, Q and age change
/// together, so the next delta does not undo a move; both masses stay in the set.
/// </summary>
public static class Relocation
{
    private const int Candidates = 3;
    private const int SplitSteps = 5;

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
        while (moves.Count < options.MovesPerEpoch && LeastNeeded(set, options.MoveAge) is >= 0 and var removed)
        {
            points ??= Centre(set, samples);
            if (BestSplit(set, Enumerable.Range(0, set.Count).Where(i => i != removed), points, options) is not { } split || split.Gain <= options.MoveGain * set.NeedOf(removed))
            {
                break;
            }

            (set, var move) = Move(set, removed, split);
            moves.Add(move);
        }

        return (set, moves);
    }

    internal static int LeastNeeded(LayerSet set, int youngest)
    {
        var least = -1;
        for (var i = 0; i < set.Count && set.Count > 2; i++)
        {
            if (set.AgeOf(i) > (ulong)youngest && (least < 0 || set.NeedOf(i) < set.NeedOf(least)))
            {
                least = i;
            }
        }

        return least;
    }

    internal static float[] Centre(LayerSet set, IReadOnlyList<Int8Vector> samples)
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

    /// <summary>Of the <paramref name="parents"/> with the largest errors, the one whose split saves most; null when none saves more than <paramref name="least"/>.</summary>
    internal static Split? BestSplit(LayerSet set, IEnumerable<int> parents, float[] points, LayersOptions options, double least = 0)
    {
        var nearest = new Nearest[points.Length / set.Dimensions];
        new Assigner(set).Assign(points, nearest);
        Split? best = null;
        foreach (var parent in parents.OrderByDescending(set.ErrorOf).ThenBy(i => i).Take(Candidates))
        {
            var members = Enumerable.Range(0, nearest.Length).Where(i => nearest[i].First == parent).ToArray();
            if (members.Length < options.MoveMembers)
            {
                continue;
            }

            if (Split.Fit(set, parent, members, points, SplitSteps) is { } split && split.Gain > (best?.Gain ?? least))
            {
                best = split;
            }
        }

        return best;
    }

    /// <summary>Makes a move. The mass of what goes falls to <paramref name="heir"/>, or to the layer nearest to it.</summary>
    internal static (LayerSet Set, LayerMove Move) Move(LayerSet set, int removed, Split split, int heir = -1, bool requested = false)
    {
        var need = set.NeedOf(removed);
        var (goes, parent) = (set.Layers[removed], set.Layers[split.Parent]);
        var heirIndex = heir >= 0 ? heir : set.NearestTo(set.Centroid(removed), except: removed);
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
        var move = new LayerMove(set.Points, goes.Id, heirId, parent.Id, first, second, share, split.Gain, need, requested);
        var moved = set with
        {
            Layers = [.. layers],
            Centroids = CollectionsMarshal.AsSpan(centroids).ToArray(),
            NextLayerId = second + 1,
            Lineage = lineage,
            History = set.History.With(new LayerChange(set.Version, set.EventTimeUnixMs, null, move)),
        };
        return (moved, move);
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
            Series = heir.Series.Plus(goes.Series),
        };
    }
}
