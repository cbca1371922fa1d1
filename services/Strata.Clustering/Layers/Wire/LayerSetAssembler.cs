using System.Diagnostics.CodeAnalysis;
using Messages = Strata.Contracts.Layers.V1;

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

    /// <summary>Takes a record. True when it closed a version: then <see cref="Newest"/> is that version.</summary>
    /// <exception cref="InvalidDataException">The key is neither a layer's nor the marker's.</exception>
    public bool Add(string? key, ReadOnlyMemory<byte>? value)
    {
        if (LayerSetCodec.TryReadKey(key, out var id))
        {
            _waiting[id] = value is { } bytes ? Messages.Layer.Parser.ParseFrom(bytes.Span) : null;
            return false;
        }

        if (key != LayerSetCodec.MarkerKey || value is not { } marker)
        {
            throw new InvalidDataException($"strata.layers.v1 holds a record with the key '{key}' that is no layer and no marker");
        }

        foreach (var (layerId, layer) in _waiting)
        {
            if (layer is null)
            {
                _layers.Remove(layerId);
            }
            else
            {
                _layers[layerId] = layer;
            }
        }

        _waiting.Clear();
        return Close(Messages.LayerSetMarker.Parser.ParseFrom(marker.Span), out var set) && (Newest = set) is not null;
    }

    private bool Close(Messages.LayerSetMarker marker, [NotNullWhen(true)] out LayerSet? set)
    {
        set = LayerSetCodec.FromMessages(marker, _layers);
        Incomplete += set is null ? 1 : 0;
        return set is not null;
    }
}
