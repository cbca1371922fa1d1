using Strata.Contracts.Layers.V1;

namespace Strata.Ranking.Index.Layers;

/// <summary>
/// Keeps the records of strata.layers.v1 back until the marker says that a version is whole. A half-written version is never seen.
/// </summary>
public sealed class LayerSetBuffer
{
    private readonly Dictionary<uint, Layer> _newest = [];
    private LayerSetMarker? _waiting;

    /// <summary>Takes a layer. It shows with the next marker that names it.</summary>
    public LayerView? Put(Layer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        _newest[layer.LayerId] = layer;
        return _waiting is { } marker && marker.LayerIds.Contains(layer.LayerId) ? Put(marker) : null;
    }

    /// <summary>Takes a layer's tombstone. It stays in the versions that name it.</summary>
    public void Remove(uint layerId) => _newest.Remove(layerId);

    /// <summary>Takes a marker; the whole version, or null while layers of it are missing (then it comes with the last of them).</summary>
    public LayerView? Put(LayerSetMarker marker)
    {
        ArgumentNullException.ThrowIfNull(marker);
        var layers = new List<Layer>(marker.LayerIds.Count);
        foreach (var id in marker.LayerIds)
        {
            if (!_newest.TryGetValue(id, out var layer))
            {
                _waiting = marker;
                return null;
            }

            layers.Add(layer);
        }

        _waiting = null;
        return new LayerView(marker, layers);
    }
}
