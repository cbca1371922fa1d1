using System.Runtime.InteropServices;
using Strata.Clustering.Assignment;
using Strata.Clustering.Layers;
using Strata.Clustering.Seeding;
using Strata.Numerics;

namespace Strata.Clustering.Moves;

/// <summary>
/// Keeps a set healthy: merges the layer that is needed least into the one nearest to it, splits a layer where that saves more, and
/// reassigns the freed slot to one half; both are judged on a sample of recent points. Centroid, W, S, U, Q and age change together, so
/// the next delta does not undo a move; both masses stay in the set.
/// </summary>
public static class LayerReassignment
{
    /// <summary>The set after at most <see cref="LayersOptions.MovesPerEpoch"/> moves, with the moves.</summary>
    /// <param name="set">The set at the beginning of an epoch.</param>
    /// <param name="points">Recent points.</param>
    /// <param name="options">Limits.</param>
    /// <param name="items">Centred unit vectors of the catalogue's items, row-major; none where only demand counts.</param>
    public static (LayerSet Set, IReadOnlyList<LayerMove> Moves) Step(
        LayerSet set, CentredPoints points, LayersOptions options, ReadOnlySpan<float> items = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(options);
        var moves = new List<LayerMove>();
        if (!items.IsEmpty)
        {
            set = WithoutGhosts(set, items, moves);
        }

        var most = moves.Count + options.MovesPerEpoch;
        while (moves.Count < most && set.Count > 2)
        {
            var evidence = new MoveEvidence(set, items.IsEmpty ? points : CentredPoints.Of(items, points, set));
            var layers = Enumerable.Range(0, set.Count);
            if (evidence.LeastNeeded(layers.Where(i => set.AgeOf(i) > (ulong)options.MoveAge)) is not (>= 0 and var removed))
            {
                break;
            }

            var leastGain = options.MoveGain * evidence.NeedOf(removed);
            if (evidence.BestSplit(layers.Where(i => i != removed), options.MoveMembers, leastGain) is not { } split)
            {
                break;
            }

            var (moved, move) = Apply(set, removed, evidence.NeedOf(removed), split);
            moved = CatalogueMass.Recount(moved, items);
            if (CatalogueMass.HasGhosts(moved, items.Length / set.Dimensions))
            {
                break;
            }

            set = moved;
            moves.Add(move);
        }

        return (set, moves);
    }

    /// <summary>
    /// The set without layers to which fewer than <see cref="LayersOptions.LeastItems"/> items are nearest: demand drew them, or a
    /// neighbour, away from their items. Each is merged into the layer nearest to it, and nothing is split for it: K gets smaller.
    /// </summary>
    private static LayerSet WithoutGhosts(LayerSet set, ReadOnlySpan<float> items, List<LayerMove> moves)
    {
        while (set.Count > 2)
        {
            var (_, counts) = CatalogueMass.Count(items, new Assigner(set), set.Count, set.Dimensions);
            var ghost = Array.IndexOf(counts, counts.Min());
            if (counts[ghost] >= LayersOptions.LeastItems)
            {
                return set;
            }

            (set, var move) = Merge(set, ghost);
            set = CatalogueMass.Recount(set, items);
            moves.Add(move);
        }

        return set;
    }

    private static (LayerSet Set, LayerMove Move) Merge(LayerSet set, int removed)
    {
        var (goes, heir) = (set.Layers[removed], set.NearestTo(set.Centroid(removed), except: removed));
        var layers = set.Layers.ToArray();
        layers[heir] = Merge(set, layers[heir], goes);
        var centroids = set.Centroids.ToArray();
        UnitCentroid.Write(layers[heir], centroids.AsSpan(heir * set.Dimensions, set.Dimensions));
        var move = new LayerMove(set.Points, goes.Id, layers[heir].Id, 0, 0, 0, 0, 0, goes.Need);
        var merged = set with
        {
            Layers = [.. layers.Where((_, i) => i != removed)],
            Centroids = centroids.Where((_, at) => at / set.Dimensions != removed).ToArray(),
            Lineage = set.Lineage.With(goes.Id, (layers[heir].Id, 1f)),
            History = set.History.With(new LayerChange(set.Version, set.EventTimeUnixMs, null, move)),
        };
        return (merged, move);
    }

    /// <summary>The set after a move that an operator asked for; the same set, with the reason, when it cannot be made.</summary>
    /// <param name="set">The set.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="points">Recent points.</param>
    /// <param name="options">Limits; age and gain don't bind an operator.</param>
    /// <param name="items">Centred unit vectors of the catalogue's items, row-major; none where only demand counts.</param>
    public static (LayerSet Set, LayerMove? Move, string? Refusal) Make(
        LayerSet set, RequestedMove request, CentredPoints points, LayersOptions options, ReadOnlySpan<float> items = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(options);
        var (layer, into) = (set.IndexOf(request.LayerId), set.IndexOf(request.IntoLayerId));
        if (layer < 0 || (into < 0 && request.IntoLayerId != 0) || layer == into)
        {
            return (set, null, "a layer of it does not live, or is merged into itself");
        }

        if (set.Count < 3)
        {
            return (set, null, "there are too few layers to move one");
        }

        var evidence = new MoveEvidence(set, items.IsEmpty ? points : CentredPoints.Of(items, points, set));
        var layers = Enumerable.Range(0, set.Count);
        var removed = into >= 0 ? layer : evidence.LeastNeeded(layers.Where(i => i != layer));
        var parents = into >= 0 ? layers.Where(i => i != removed && i != into) : [layer];
        if (evidence.BestSplit(parents, options.MoveMembers, double.NegativeInfinity) is not { } split)
        {
            return (set, null, "no layer that may be split has "
                + $"{options.MoveMembers} items and recent points that fall into two parts with {LayersOptions.LeastItems} items each");
        }

        var next = set with { Version = set.Version + 1 };
        var (moved, move) = Apply(next, removed, evidence.NeedOf(removed), split, into, requested: true);
        moved = CatalogueMass.Recount(moved, items);
        return CatalogueMass.HasGhosts(moved, items.Length / set.Dimensions)
            ? (set, null, $"it would leave a layer with fewer than {LayersOptions.LeastItems} items")
            : (moved, move, null);
    }

    // The mass of what goes falls to the heir, or to the layer nearest to it.
    private static (LayerSet Set, LayerMove Move) Apply(
        LayerSet set, int removed, double need, Split split, int heir = -1, bool requested = false)
    {
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
                UnitCentroid.Write(layer, centroid);
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
            CatalogueWeight = heir.CatalogueWeight + goes.CatalogueWeight,
            CatalogueSum = heir.CatalogueSum.IsEmpty ? goes.CatalogueSum : goes.CatalogueSum.IsEmpty ? heir.CatalogueSum : Plus(heir, goes),
            // The need of a layer that goes is what is lost; the heir's own stays.
            Need = own * heir.Need,
            Error = (own * heir.Error) + (other * goes.Error),
            AsOfPoints = set.Points,
            Points = heir.Points + goes.Points,
            Series = heir.Series.Plus(goes.Series),
        };
    }

    private static float[] Plus(LayerState heir, LayerState goes)
    {
        var sum = heir.CatalogueSum.ToArray();
        VectorMath.AddScaled(sum, goes.CatalogueSum.Span, 1);
        return sum;
    }
}
