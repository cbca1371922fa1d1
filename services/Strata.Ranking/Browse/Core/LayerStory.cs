using System.Globalization;
using Strata.Contracts.Layers.V1;
using Strata.Ranking.Index.Layers;
using Change = Strata.Contracts.Layers.V1.LayerSetMarker.Types.Change;
using Kind = Strata.Contracts.Layers.V1.GetLayerLineageResponse.Types.Step.Types.Kind;
using Step = Strata.Contracts.Layers.V1.GetLayerLineageResponse.Types.Step;

namespace Strata.Ranking.Browse.Core;

/// <summary>A layer's life as its set's history tells it. Pure.</summary>
public static class LayerStory
{
    /// <summary>The life of a layer; null when neither the set nor its history knows it.</summary>
    public static GetLayerLineageResponse? Of(LayerView layers, uint layerId)
    {
        ArgumentNullException.ThrowIfNull(layers);
        var story = new GetLayerLineageResponse { LayerId = layerId, Alive = layers.SlotOf(layerId) >= 0 };
        var gone = false;
        foreach (var change in layers.Marker.Changes)
        {
            foreach (var step in Steps(change, layerId, gone))
            {
                story.Steps.Add(step);
                gone |= step.Kind is Kind.Split or Kind.Merged or Kind.Died;
            }
        }

        if (!story.Alive)
        {
            story.Heirs.AddRange(layers.SlotsOf(layerId)
                .Select(heir => new GetLayerLineageResponse.Types.Heir { LayerId = layers.IdOf(heir.Slot), Share = heir.Share }));
        }

        return story.Alive || story.Steps.Count > 0 || story.Heirs.Count > 0 ? story : null;
    }

    private static IEnumerable<Step> Steps(Change change, uint layer, bool gone)
    {
        if (change.Reason == Change.Types.Reason.Seeding)
        {
            if (layer >= change.First && layer <= change.Second)
            {
                yield return Of(change, Kind.Seeded, "the layers were seeded from the catalogue");
            }
            else if (change.Gone.Contains(layer) && !gone)
            {
                yield return Of(change, Kind.Died, "the layers were seeded anew from the catalogue");
            }

            yield break;
        }

        if (layer == change.MergedInto)
        {
            yield return Of(change, Kind.Absorbed, Why(change), change.Removed);
        }

        if (layer == change.Removed)
        {
            yield return Of(change, Kind.Merged, Why(change), change.MergedInto);
        }
        else if (layer == change.Parent)
        {
            yield return Of(change, Kind.Split, Why(change), change.First, change.Second);
        }
        else if (layer == change.First || layer == change.Second)
        {
            yield return Of(change, Kind.Born, Why(change), change.Parent, layer == change.First ? change.Second : change.First);
        }
    }

    private static string Why(Change change)
    {
        if (change.Reason == Change.Types.Reason.Operator)
        {
            return "an operator asked for it";
        }

        return change.Parent == 0
            ? $"layer {change.Removed} was left without items of its own"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"splitting layer {change.Parent} saves {change.Gain:G3} of squared distance, "
                    + $"layer {change.Removed} was worth {change.Need:G3}");
    }

    private static Step Of(Change change, Kind kind, string why, params ReadOnlySpan<uint> others)
    {
        var step = new Step { Kind = kind, Version = change.Version, EventTimeUnixMs = change.EventTimeUnixMs, Why = why };
        foreach (var other in others)
        {
            step.OtherLayerIds.Add(other);
        }

        return step;
    }
}
