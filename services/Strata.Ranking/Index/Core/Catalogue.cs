using System.Collections.Concurrent;
using Strata.Contracts.Activity.V1;
using Strata.Contracts.Features.V1;
using Strata.Numerics;
using Strata.Ranking.Index.Items;
using Strata.Ranking.Index.Layers;
using Strata.Ranking.Index.Vectors;

namespace Strata.Ranking.Index.Core;

/// <summary>
/// The catalogue in memory. One writer applies messages and then calls <see cref="Publish"/>; any number of readers take
/// <see cref="Current"/>. Pure: no clock, no locks, no tasks.
/// </summary>
public sealed class Catalogue
{
    private readonly IndexOptions _options;
    private readonly ConcurrentDictionary<string, int> _indexes = new(StringComparer.Ordinal);
    private readonly TermStatistics _terms = new();
    private readonly ItemArrays _items = new();

    // Numbers of the keys of variants.
    private readonly Dictionary<string, int> _variants = new(StringComparer.Ordinal);

    // Items whose popularity or birth may have moved since the last publication.
    private readonly HashSet<int> _touched = [];
    private readonly HashSet<int> _born = [];

    // By item: an event touches one.
    private readonly StreamClock<int> _clock = new();
    private int _count;
    private VectorStore _vectors;
    private LayerView _layers = LayerView.None;
    private SegmentView _segments = SegmentView.None;
    private LayerAssignment _assignment = new(LayerView.None);
    private bool _listsStale = true;
    private CatalogueView _current;

    public Catalogue(IndexOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _vectors = new VectorStore("", 0, []);
        _current = View(Enumerable.Repeat(RankedList.Empty, HalfLives.Count).ToArray(), RankedList.Empty);
    }

    /// <summary>What was published last.</summary>
    public CatalogueView Current => Volatile.Read(ref _current);

    /// <summary>
    /// True once all topics were read to the ends they had at the start: only then does an empty catalogue mean that it is.
    /// </summary>
    public bool IsComplete { get; private set; }

    /// <summary>Writer: what was read by now is whole, and shown.</summary>
    public void Complete() => IsComplete = true;

    /// <summary>Applies a record of strata.item-features.v1: a new item or a new version of one.</summary>
    public void Put(ItemFeatures features)
    {
        ArgumentNullException.ThrowIfNull(features);
        var item = IndexOf(features.ItemId);
        _items.Put(item, features, VariantOf(features), _terms.Replace(_items.Features[item], features));
        if (_vectors.Dimension == 0 && features.Embedding is { Codes.Length: > 0 })
        {
            _vectors = new VectorStore(features.Encoder, features.Embedding.Codes.Length, []);
        }

        PutVector(item, features);
        Changed(item, born: true);
    }

    /// <summary>Applies a tombstone of strata.item-features.v1.</summary>
    public void Remove(string itemId)
    {
        if (!_indexes.TryGetValue(itemId, out var item) || _items.Features[item] is null)
        {
            return;
        }

        _terms.Replace(_items.Features[item], null);
        _items.Remove(item);
        _vectors.Remove(item);
        _listsStale = true;
        Changed(item, born: true);
    }

    /// <summary>Applies a record of strata.item-activity.v1.</summary>
    public void Put(ItemActivity activity)
    {
        ArgumentNullException.ThrowIfNull(activity);
        var item = IndexOf(activity.ItemId);
        var state = ItemActivities.From(activity, IndexOf);
        var born = _items.Activity[item].FirstEventMs != state.FirstEventMs;
        if (activity.LastEventUnixMs > 0)
        {
            _clock.Advance(item, activity.LastEventUnixMs);
        }

        _items.Put(item, state);
        Changed(item, born);
    }

    /// <summary>Applies a tombstone of strata.item-activity.v1.</summary>
    public void RemoveActivity(string itemId)
    {
        if (_indexes.TryGetValue(itemId, out var item))
        {
            _items.Put(item, ItemActivities.None);
            Changed(item, born: true);
        }
    }

    /// <summary>Applies a whole version of the layer set. Another seeding, mean or encoder: all vectors are centred anew.</summary>
    public void Put(LayerView layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        var old = _assignment;
        var other = layers.Seeding != _layers.Seeding || layers.Dimension != _vectors.Dimension || _layers.Version == 0;
        if (layers.Dimension > 0 && other)
        {
            _vectors = new VectorStore(layers.Encoder, layers.Dimension, layers.Mean);
            Refill();
            old = null;
        }

        _assignment = LayerAssignment.Assign(layers, _vectors, _layers, old);
        _layers = layers;
        _assignment.CountAll(_items, _count, _clock.NowMs ?? 0);
        _listsStale = true;
    }

    /// <summary>Applies a version of the segments.</summary>
    public void Put(SegmentView segments) => _segments = segments;

    /// <summary>Shows readers everything applied so far.</summary>
    public void Publish()
    {
        if (_vectors.Superseded > Math.Max(1024, _vectors.Rows / 4))
        {
            var mean = _layers.Version > 0 ? _layers.Mean : [];
            _vectors = new VectorStore(_vectors.Encoder, _vectors.Dimension, mean);
            Refill();
        }

        if (_listsStale && _vectors.Rows > _options.ExactScanItems)
        {
            _assignment.ListItems(_vectors);
            _listsStale = false;
        }

        var old = _current;
        var popular = new RankedList[HalfLives.Count];
        for (var h = 0; h < popular.Length; h++)
        {
            var halfLife = h;
            popular[h] = Moved(old.Popular[h], _touched, item => PopularityKey(item, halfLife), _options.TopItems);
        }

        var fresh = Moved(old.Fresh, _born, BirthKey, int.MaxValue);
        _touched.Clear();
        _born.Clear();
        Volatile.Write(ref _current, View(popular, fresh));
    }

    private RankedList Moved(RankedList list, HashSet<int> changed, Func<int, double> keyOf, int capacity)
        => changed.Count == 0 ? list : list.With(changed, keyOf, capacity) ?? RankedList.Build(_count, keyOf, capacity);

    private double PopularityKey(int item, int halfLife) => AliveKey(item, _items.Activity[item].PopularityKey(halfLife));

    private double BirthKey(int item) => AliveKey(item, _items.BirthMs(item) is > 0 and var birth ? birth : double.NegativeInfinity);

    private double AliveKey(int item, double key) => _items.IsListed(item) ? key : double.NegativeInfinity;

    private CatalogueView View(IReadOnlyList<RankedList> popular, RankedList fresh) => new(_indexes)
    {
        Count = _count,
        Items = _items.Freeze(),
        Vectors = _vectors.Freeze(),
        Layers = _layers,
        Segments = _segments,
        Assignment = _assignment.Freeze(),
        Terms = _terms.Freeze(),
        Popular = popular,
        Fresh = fresh,
        StreamTimeMs = _clock.NowMs ?? 0,
    };

    private void Changed(int item, bool born)
    {
        _touched.Add(item);
        if (born)
        {
            _born.Add(item);
        }

        _assignment.Count(item, _items.IsListed(item) ? _items.Activity[item] : null, _items, _count);
    }

    private void Refill()
    {
        for (var item = 0; item < _count; item++)
        {
            if (_items.Features[item] is { } features && _vectors.Compares(features.Encoder))
            {
                _vectors.Put(item, features.Embedding);
            }
        }
    }

    private void PutVector(int item, ItemFeatures features)
    {
        _vectors.Put(item, _vectors.Compares(features.Encoder) ? features.Embedding : null);
        _assignment.Place(item, _vectors, _vectors.RowOf(item));
        _listsStale = true;
    }

    private int VariantOf(ItemFeatures features)
    {
        if (VariantKey.Of(features) is not { } key)
        {
            return -1;
        }

        _variants.TryAdd(key, _variants.Count);
        return _variants[key];
    }

    // An id that is only named as somebody's neighbour gets an index too: it is not alive until its features come.
    private int IndexOf(string itemId)
    {
        if (_indexes.TryGetValue(itemId, out var index))
        {
            return index;
        }

        _items.Name(_count, itemId);
        _indexes[itemId] = _count;
        return _count++;
    }
}
