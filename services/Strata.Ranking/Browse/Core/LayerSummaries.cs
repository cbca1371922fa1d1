using System.Numerics.Tensors;
using Strata.Contracts.Layers.V1;
using Strata.Ranking.Index.Core;

namespace Strata.Ranking.Browse.Core;

/// <summary>Layers and their groups, for people. Pure.</summary>
public sealed class LayerSummaries(CatalogueView view)
{
    private const int Neighbours = 5;
    private const int GroupWords = 5;

    private readonly LayerTrends _trends = new(view.Layers);

    /// <summary>One layer with its neighbours, which cost a product with all centroids.</summary>
    public LayerSummary WithNeighbours(int slot)
    {
        var summary = Of(slot);
        summary.Neighbours.AddRange(NeighboursOf(slot));
        return summary;
    }

    /// <summary>One layer.</summary>
    public LayerSummary Of(int slot)
    {
        var layer = view.Layers[slot]!;
        var summary = new LayerSummary
        {
            LayerId = layer.LayerId,
            Items = layer.Items,
            Weight = layer.Weight,
            Share = ShareOf(layer),
            Points = layer.Points,
            Trend = _trends.TrendOf(layer),
            GroupId = layer.GroupId,
            ParentGroupId = layer.ParentGroupId,
            ShapeId = layer.ShapeId,
            Title = layer.Title?.Title ?? "",
            Description = layer.Title?.Description ?? "",
            Noise = layer.GroupId != 0 && layer.ShapeId == 0,
        };
        summary.Words.AddRange(view.WordsOf(slot));
        foreach (var id in layer.ExampleItemIds)
        {
            if (view.IndexOf(id) is >= 0 and var item && view.Items.Features[item] is { Hidden: false } features)
            {
                summary.Examples.Add(new LayerSummary.Types.Example { ItemId = id, Title = features.Title });
            }
        }

        return summary;
    }

    /// <summary>All layers, heaviest first.</summary>
    public IEnumerable<LayerSummary> All() => Heaviest().Select(Of);

    /// <summary>What the chat model suggests, as far as the layers live.</summary>
    public IEnumerable<ListSuggestionsResponse.Types.Suggestion> Suggestions()
    {
        foreach (var slot in Enumerable.Range(0, view.Layers.Count))
        {
            var layer = view.Layers[slot]!;
            var into = layer.Title?.Suggestion is { } suggestion ? view.Layers.SlotOf(suggestion.IntoLayerId) : -1;
            if (layer.Title?.Suggestion is { } open && (into >= 0 || open.IntoLayerId == 0))
            {
                var listed = new ListSuggestionsResponse.Types.Suggestion
                {
                    LayerId = layer.LayerId,
                    IntoLayerId = open.IntoLayerId,
                    Why = open.Why,
                };
                listed.Words.AddRange(view.WordsOf(slot));
                listed.IntoWords.AddRange(view.WordsOf(into));
                yield return listed;
            }
        }
    }

    /// <summary>All groups and shapes, heaviest first within their kind.</summary>
    public IEnumerable<LayerGroup> Groups()
        => Of(LayerGroup.Types.Kind.Parent, layer => layer.ParentGroupId)
            .Concat(Of(LayerGroup.Types.Kind.Group, layer => layer.GroupId))
            .Concat(Of(LayerGroup.Types.Kind.Shape, layer => layer.ShapeId));

    /// <summary>All layers on a plane, heaviest first, with the share of the variance that it shows.</summary>
    public GetLayerMapResponse Map()
    {
        var plane = Numerics.PrincipalPlane.Of(view.Layers.Centroids, Math.Max(1, view.Layers.Dimension));
        var map = new GetLayerMapResponse { Version = view.Layers.Version, Explained = plane.Explained };
        foreach (var slot in Heaviest())
        {
            var layer = view.Layers[slot]!;
            var place = new GetLayerMapResponse.Types.Place
            {
                LayerId = layer.LayerId,
                X = plane.X[slot],
                Y = plane.Y[slot],
                Share = ShareOf(layer),
                GroupId = layer.GroupId,
                ParentGroupId = layer.ParentGroupId,
            };
            place.Words.AddRange(view.WordsOf(slot));
            map.Places.Add(place);
        }

        return map;
    }

    private IEnumerable<LayerGroup> Of(LayerGroup.Types.Kind kind, Func<Layer, uint> idOf)
        => Heaviest().Where(slot => idOf(view.Layers[slot]!) > 0)
            .GroupBy(slot => idOf(view.Layers[slot]!))
            .Select(slots => Describe(kind, slots.Key, [.. slots]))
            .OrderByDescending(group => group.Share).ThenBy(group => group.GroupId);

    private LayerGroup Describe(LayerGroup.Types.Kind kind, uint id, int[] slots)
    {
        var group = new LayerGroup
        {
            GroupId = id,
            Kind = kind,
            ParentGroupId = kind == LayerGroup.Types.Kind.Group ? view.Layers[slots[0]]!.ParentGroupId : 0,
            Share = slots.Sum(slot => ShareOf(view.Layers[slot]!)),
        };
        group.LayerIds.AddRange(slots.Select(view.Layers.IdOf));

        // A word counts with its score in each layer and that layer's share: heavy layers name their group, and words that several share
        // come first.
        group.Words.AddRange(slots.Select(slot => view.Layers[slot]!)
            .SelectMany(layer => layer.Words, (layer, word) => (word.Term, Score: word.Weight * (ShareOf(layer) + 1e-6)))
            .GroupBy(word => view.Terms.Readable(word.Term))
            .OrderByDescending(words => words.Sum(word => word.Score)).ThenBy(words => words.Key, StringComparer.Ordinal)
            .Select(words => words.Key).Take(GroupWords));
        return group;
    }

    private IEnumerable<LayerSummary.Types.Neighbour> NeighboursOf(int slot)
        => Enumerable.Range(0, view.Layers.Count).Where(other => other != slot)
            .Select(other => (Slot: other, Cosine: TensorPrimitives.Dot(view.Layers.Centroid(slot), view.Layers.Centroid(other))))
            .OrderByDescending(other => other.Cosine).ThenBy(other => other.Slot).Take(Neighbours)
            .Select(other =>
            {
                var neighbour = new LayerSummary.Types.Neighbour { LayerId = view.Layers.IdOf(other.Slot), Cosine = other.Cosine };
                neighbour.Words.AddRange(view.WordsOf(other.Slot));
                return neighbour;
            });

    private IEnumerable<int> Heaviest()
        => Enumerable.Range(0, view.Layers.Count).OrderByDescending(slot => view.Layers.MassOf(view.Layers[slot]!));

    private double ShareOf(Layer layer) => view.Layers.TotalMass > 0 ? view.Layers.MassOf(layer) / view.Layers.TotalMass : 0;
}
