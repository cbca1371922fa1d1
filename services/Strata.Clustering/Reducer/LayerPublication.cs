using Strata.Clustering.Layers;
using Strata.Clustering.Layers.Wire;
using Strata.Contracts;
using Strata.Streaming.Consuming;

namespace Strata.Clustering.Reducer;

/// <summary>Sends versions of the layer set: changed layers, tombstones of those that are gone, the marker behind them.</summary>
internal sealed class LayerPublication(int allLayersEvery, LayerSet? published)
{
    private const int LayersPartition = 0;

    private LayerSet? _published = published;

    /// <summary>Sends what readers of the last version need; returns the number of layers sent.</summary>
    /// <param name="renamed">Layers whose names or groups changed, which changes no version.</param>
    public int Send(LayerSet set, IReadOnlySet<uint> renamed, PartitionOutput output, DateTimeOffset time)
    {
        var all = _published is null || set.Seeding != _published.Seeding
            || set.Version / (ulong)allLayersEvery != _published.Version / (ulong)allLayersEvery;
        var sent = 0;
        for (var i = 0; i < set.Count; i++)
        {
            var layer = set.Layers[i];
            if (all || layer.Version > _published!.Version || renamed.Contains(layer.Id))
            {
                output.Send(Topics.Layers, LayerSetCodec.KeyOf(layer.Id), LayerSetCodec.ToMessage(set, i), time, LayersPartition);
                sent++;
            }
        }

        foreach (var gone in _published?.Layers.Where(layer => set.IndexOf(layer.Id) < 0) ?? [])
        {
            output.Send(Topics.Layers, LayerSetCodec.KeyOf(gone.Id), null, time, LayersPartition);
        }

        output.Send(Topics.Layers, LayerSetCodec.MarkerKey, LayerSetCodec.ToMarker(set), time, LayersPartition);
        _published = set;
        return sent;
    }
}
