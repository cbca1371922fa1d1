using Strata.Clustering.Layers;
using Strata.Numerics.Clusters;

namespace Strata.Clustering.Groups;

/// <summary>
/// Groups the layers of a set: Ward's linkage of the centroids, cut at two heights, and weighted DBSCAN, in which a layer counts with
/// what it weighs. A new layer is in its parent's groups until the layers are grouped again.
/// </summary>
public static class LayerGrouping
{
    // A layer's nearest neighbour tells whether it is one of several.
    private const int KneeNeighbour = 1;

    /// <summary>Groups of all layers by id, and the id that the next new group gets.</summary>
    /// <param name="set">The set, with the groups of before.</param>
    /// <param name="options">How many groups, and what is near.</param>
    public static (IReadOnlyDictionary<uint, LayerGroup> Groups, uint NextGroupId) Of(LayerSet set, GroupsOptions options)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(options);
        var linkage = WardLinkage.Of(set.Centroids.Span, set.Dimensions);
        var next = set.NextGroupId;
        var groups = Named(linkage.Cut(options.GroupsFor(set.Count)), layer => layer.Group);
        var parents = Named(linkage.Cut(options.ParentsFor(set.Count)), layer => layer.Parent);
        var shapes = Named(Shapes(set, options), layer => layer.Shape);
        var named = new Dictionary<uint, LayerGroup>(set.Count);
        for (var i = 0; i < set.Count; i++)
        {
            named[set.Layers[i].Id] = new LayerGroup(groups[i], parents[i], shapes[i]);
        }

        return (named, next);

        uint[] Named(int[] clusters, Func<LayerGroup, uint> before)
            => StableIds.Give(clusters, [.. set.Layers.Select(layer => layer.Group is { } group ? before(group) : 0)], ref next);
    }

    private static int[] Shapes(LayerSet set, GroupsOptions options)
    {
        var weights = set.Masses();
        var mean = weights.Average();
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = mean > 0 ? weights[i] / mean : 1;
        }

        var centroids = set.Centroids.Span;
        var near = options.ShapeDistance ?? WeightedDbscan.KneeDistance(centroids, set.Dimensions, KneeNeighbour);
        return WeightedDbscan.Cluster(centroids, set.Dimensions, weights, near, options.ShapeWeight);
    }
}
