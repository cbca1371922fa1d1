using System.Diagnostics.CodeAnalysis;
using Messages = Strata.Contracts.Layers.V1;
using Strata.Streaming.Records;

namespace Strata.Clustering.Layers.Wire;

/// <summary>
/// Puts layer sets together from the records of strata.layers.v1, whole versions only: layers wait until the marker behind them. A version
/// whose layers are not all there (the log was cut before this reader came) is passed over; the reducer publishes all layers every so
/// often.
/// </summary>
public sealed class LayerSetAssembler
{
    private readonly Dictionary<uint, Messages.Layer> _layers = [];
    private readonly Dictionary<uint, Messages.Layer?> _waiting = [];

    /// <summary>The newest whole set; null before there is one.</summary>
    public LayerSet? Newest { get; private set; }

    /// <summary>Versions that could not be put together.</summary>
    public int Incomplete { get; private set; }

    /// <summary>
    /// Takes a record; one that is neither a layer nor a marker is skipped, and what was there before it stays. True when it closed a
    /// version: then <see cref="Newest"/> is that version.
    /// </summary>
    public bool Add(StreamRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (LayerSetCodec.TryReadKey(record.Key, out var id))
        {
            TakeLayer(record, id);
            return false;
        }

        if (record.Key == LayerSetCodec.SegmentsKey)
        {
            return false;
        }

        var reason = "its key is neither a layer's nor the marker's";
        if (record.Key != LayerSetCodec.MarkerKey || !record.TryParse(Messages.LayerSetMarker.Parser, out var marker, out reason))
        {
            record.Skip(reason);
            return false;
        }

        foreach (var (layerId, layer) in _waiting)
        {
            if (layer is not null)
            {
                _layers[layerId] = layer;
            }
            else if (!marker.LayerIds.Contains(layerId))
            {
                _layers.Remove(layerId);
            }
        }

        _waiting.Clear();
        return Close(marker, out var set) && (Newest = set) is not null;
    }

    private void TakeLayer(StreamRecord record, uint id)
    {
        if (record.Value is null)
        {
            _waiting[id] = null;
        }
        else if (!record.TryParse(Messages.Layer.Parser, out var layer, out var reason))
        {
            record.Skip(reason);
        }
        else if (layer.LayerId != id)
        {
            record.Skip("the message's layer is not the record's key");
        }
        else
        {
            _waiting[id] = layer;
        }
    }

    private bool Close(Messages.LayerSetMarker marker, [NotNullWhen(true)] out LayerSet? set)
    {
        set = LayerSetCodec.FromMessages(marker, _layers);
        Incomplete += set is null ? 1 : 0;
        return set is not null;
    }
}
