using Strata.Contracts.Layers.V1;
using Strata.Numerics;

namespace Strata.Ranking.Index.Layers;

/// <summary>
/// One whole version of the layer set. Layers have dense slots 0 … <see cref="Count"/> − 1; slot <see cref="Count"/> stands for "no
/// layer". Immutable.
/// </summary>
public sealed class LayerView
{
    private readonly Layer[] _layers;
    private readonly float[] _centroids;
    private readonly float[] _mean;
    private readonly double _pointWeight;
    private readonly Lazy<PanelMatrix> _panels;
    private readonly Lazy<int[]> _heaviest;
    private readonly Dictionary<uint, int> _slots;
    private readonly ILookup<uint, (int Slot, float Share)> _heirs;

    /// <summary>Makes a version from its marker and its layers, in the marker's order.</summary>
    public LayerView(LayerSetMarker marker, IReadOnlyList<Layer> layers)
    {
        ArgumentNullException.ThrowIfNull(marker);
        ArgumentNullException.ThrowIfNull(layers);
        Version = marker.Version;
        Seeding = marker.Seeding;
        Encoder = marker.Encoder;
        _mean = [.. marker.Mean];
        _layers = [.. layers];
        Dimension = _layers.Length > 0 ? _layers[0].Centroid.Count : _mean.Length;
        _centroids = new float[_layers.Length * Dimension];
        _slots = new Dictionary<uint, int>(_layers.Length);
        for (var slot = 0; slot < _layers.Length; slot++)
        {
            _slots[_layers[slot].LayerId] = slot;
            if (_layers[slot].Centroid.Count == Dimension)
            {
                _layers[slot].Centroid.CopyTo(_centroids, slot * Dimension);
            }
        }

        _panels = new(() => new PanelMatrix(_centroids, Dimension));
        var (items, points) = (_layers.Sum(layer => layer.CatalogueWeight), _layers.Sum(layer => layer.Weight));
        _pointWeight = items > 0 && points > items ? items / points : 1;
        TotalMass = _layers.Sum(MassOf);
        _heaviest = new(() => [.. Enumerable.Range(0, _layers.Length).OrderByDescending(slot => MassOf(_layers[slot]))]);
        Marker = marker;
        _heirs = marker.Heirs.Where(row => SlotOf(row.Heir_) >= 0).ToLookup(row => row.Gone, row => (SlotOf(row.Heir_), row.Share));
    }

    /// <summary>No layer set is known.</summary>
    public static LayerView None { get; } = new(new LayerSetMarker(), []);

    /// <summary>Version of the set; 0: none is known.</summary>
    public ulong Version { get; }

    /// <summary>Identity of the seeding.</summary>
    public ulong Seeding { get; }

    public string Encoder { get; }

    public ReadOnlySpan<float> Mean => _mean;

    /// <summary>Components of a centroid.</summary>
    public int Dimension { get; }

    public int Count => _layers.Length;

    /// <summary>What all layers weigh.</summary>
    public double TotalMass { get; }

    /// <summary>The layer in a slot; null for "no layer".</summary>
    public Layer? this[int slot] => (uint)slot < (uint)_layers.Length ? _layers[slot] : null;

    /// <summary>
    /// What a layer weighs: its items, and its decayed number of points times min(1, items / points of all layers).
    /// </summary>
    public double MassOf(Layer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return layer.CatalogueWeight + (_pointWeight * layer.Weight);
    }

    /// <summary>All slots, what weighs most first.</summary>
    public IReadOnlyList<int> Heaviest => _heaviest.Value;

    /// <summary>Slot of a layer id; −1: not in this version.</summary>
    public int SlotOf(uint layerId) => _slots.GetValueOrDefault(layerId, -1);

    /// <summary>
    /// Slot of a layer, whole, or the slots of its heirs with their shares when it is gone; nothing when it is unknown or forgotten.
    /// </summary>
    public IEnumerable<(int Slot, float Share)> SlotsOf(uint layerId)
        => SlotOf(layerId) is >= 0 and var slot ? [(slot, 1f)] : _heirs[layerId];

    /// <summary>What was published with the layers of this version.</summary>
    public LayerSetMarker Marker { get; }

    /// <summary>Id of the layer in a slot; 0 for "no layer".</summary>
    public uint IdOf(int slot) => this[slot]?.LayerId ?? 0;

    /// <summary>All centroids, slot by slot.</summary>
    public ReadOnlySpan<float> Centroids => _centroids;

    public ReadOnlySpan<float> Centroid(int slot) => _centroids.AsSpan(slot * Dimension, Dimension);

    /// <summary>The centroids, packed: every product with them is computed in one way, so that all comparisons agree to the bit.</summary>
    internal PanelMatrix Panels => _panels.Value;

    /// <summary>Slot of the nearest layer; <see cref="Count"/> when there is none.</summary>
    public int Nearest(ReadOnlySpan<float> vector) => NearestWithLead(vector).Slot;

    /// <summary>Slot of the nearest layer and by how much its cosine is larger than the next best one's.</summary>
    internal (int Slot, float Lead) NearestWithLead(ReadOnlySpan<float> vector)
    {
        if (vector.Length != Dimension || Count == 0)
        {
            return (Count, 0);
        }

        Span<float> products = Panels.Stride <= 1024 ? stackalloc float[Panels.Stride] : new float[Panels.Stride];
        Panels.Multiply(vector, products);
        return BestOf(products[..Count]);
    }

    /// <summary>Index of the largest product, the first among equals, and its lead over the next.</summary>
    internal static (int Slot, float Lead) BestOf(ReadOnlySpan<float> products)
    {
        var (best, first, second) = (0, float.NegativeInfinity, float.NegativeInfinity);
        for (var slot = 0; slot < products.Length; slot++)
        {
            if (products[slot] > first)
            {
                (best, first, second) = (slot, products[slot], first);
            }
            else
            {
                second = Math.Max(second, products[slot]);
            }
        }

        return (best, first - second);
    }
}
