using Strata.Clustering.Layers;
using Strata.Clustering.Layers.Wire;

namespace Strata.Clustering.Tests.Schedules;

/// <summary>
/// Compares layer sets by every bit of what is published of them, except names and groups: when those are given depends on the clock.
/// </summary>
public static class LayerSetBits
{
    /// <summary>Where the sets differ first; null when they are the same.</summary>
    public static string? Difference(LayerSet expected, LayerSet actual)
    {
        (expected, actual) = (Ungrouped(expected), Ungrouped(actual));
        var (wanted, found) = (LayerSetCodec.ToMarker(expected), LayerSetCodec.ToMarker(actual));
        if (!wanted.Equals(found))
        {
            return $"the markers differ: version {wanted.Version} with {wanted.Points} points, "
                + $"version {found.Version} with {found.Points} points";
        }

        for (var i = 0; i < expected.Count; i++)
        {
            if (!Unnamed(expected, i).Equals(Unnamed(actual, i)))
            {
                return $"layer {expected.Layers[i].Id} differs in version {expected.Version}";
            }
        }

        return null;
    }

    private static LayerSet Ungrouped(LayerSet set)
        => set with { NextGroupId = 1, Layers = [.. set.Layers.Select(layer => layer with { Group = null })] };

    private static Contracts.Layers.V1.Layer Unnamed(LayerSet set, int index)
    {
        var layer = LayerSetCodec.ToMessage(set, index);
        layer.Words.Clear();
        layer.ExampleItemIds.Clear();
        layer.Items = 0;
        return layer;
    }
}
