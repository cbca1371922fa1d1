using System.Collections.Immutable;
using Strata.Clustering.Catalogue.Core;
using Strata.Clustering.Layers;
using Strata.Contracts.Features.V1;
using Strata.Numerics;
using Strata.Streaming.Records;
using Strata.Streaming.Tables;

namespace Strata.Clustering.Catalogue;

/// <summary>
/// Follows strata.item-features.v1: every live item with its vector, terms and title. What it shows are the items of one space, the encoder
/// and number of dimensions that most items have: vectors of two spaces cannot be compared.
/// </summary>
internal sealed class ItemTable(TimeProvider clock, ILogger<ItemTable> logger) : ITableHandler
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string Encoder, CatalogueItem Item)> _items = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Encoder, int Dimensions), int> _spaces = [];

    // Terms repeat across items: one string each.
    private readonly Dictionary<string, string> _terms = new(StringComparer.Ordinal);

    // Where in the log each item got its vector, and where others went.
    private readonly Dictionary<string, (int Partition, long Offset)> _born = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Partition, long Offset)> _gone = new(StringComparer.Ordinal);
    private readonly SortedDictionary<int, long> _next = [];
    private readonly TaskCompletionSource _read = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private (ulong Seeding, long Changes, int Items) _counted;
    private long _changedAt;
    private long _changes;
    private volatile bool _caughtUp;

    /// <summary>True when the table has been read to the end it had at the start.</summary>
    public bool IsCaughtUp => _caughtUp;

    /// <summary>The encoder that most items have, and their number.</summary>
    public (string Encoder, int Items) Main
    {
        get
        {
            lock (_gate)
            {
                var ((encoder, _), items) = MainSpace();
                return (encoder, items);
            }
        }
    }

    /// <summary>Grows with every change.</summary>
    public long Changes => Interlocked.Read(ref _changes);

    /// <summary>Time since the last change.</summary>
    public TimeSpan Rest => clock.GetElapsedTime(Interlocked.Read(ref _changedAt));

    /// <summary>Ends when the table has been read to the end it had at the start.</summary>
    public Task WhenCaughtUp => _read.Task;

    /// <summary>Next offset of each partition that has not been read.</summary>
    public ImmutableSortedDictionary<int, long> Next
    {
        get
        {
            lock (_gate)
            {
                return _next.ToImmutableSortedDictionary();
            }
        }
    }

    /// <summary>Items that are new, gone or of another vector since a set was seeded; 0 without a set.</summary>
    public int ChangedSince(LayerSet? set)
    {
        if (set is null)
        {
            return 0;
        }

        lock (_gate)
        {
            if (_counted.Seeding != set.Seeding || _counted.Changes != Changes)
            {
                _counted = (set.Seeding, Changes, _born.Values.Count(IsNew) + _gone.Values.Count(IsNew));
            }

            return _counted.Items;
        }

        bool IsNew((int Partition, long Offset) at) => at.Offset >= set.CatalogueNext.GetValueOrDefault(at.Partition);
    }

    /// <summary>Name of the items' encoder and the items in ascending id.</summary>
    public (string Encoder, IReadOnlyList<CatalogueItem> Items) Snapshot()
    {
        lock (_gate)
        {
            var (space, _) = MainSpace();
            var items = _items.Values
                .Where(entry => (entry.Encoder, entry.Item.Vector.Dimensions) == space)
                .Select(entry => entry.Item)
                .ToArray();
            Array.Sort(items, static (a, b) => string.CompareOrdinal(a.Id, b.Id));
            return (space.Encoder, items);
        }
    }

    /// <summary>Title of an item; null when it is not there.</summary>
    public string? TitleOf(string id)
    {
        lock (_gate)
        {
            return _items.TryGetValue(id, out var entry) ? entry.Item.Title : null;
        }
    }

    /// <summary>Raw vector of an item; null when it is not there.</summary>
    public Int8Vector? VectorOf(string id)
    {
        lock (_gate)
        {
            return _items.TryGetValue(id, out var entry) ? entry.Item.Vector : null;
        }
    }

    public ValueTask ApplyAsync(IReadOnlyList<StreamRecord> batch, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            foreach (var record in batch)
            {
                Apply(record);
            }
        }

        Interlocked.Exchange(ref _changedAt, clock.GetTimestamp());
        Interlocked.Add(ref _changes, batch.Count);
        return ValueTask.CompletedTask;
    }

    public void CaughtUp()
    {
        Interlocked.Exchange(ref _changedAt, clock.GetTimestamp());
        _caughtUp = true;
        _read.TrySetResult();
        logger.CaughtUp(Main.Items);
    }

    private void Apply(StreamRecord record)
    {
        if (record.Key is not { } id)
        {
            record.Skip("the record has no key");
            return;
        }

        // What an older record said of the item still holds where this one says nothing.
        ItemFeatures? features = null;
        if (record.Value is not null && !record.TryParse(ItemFeatures.Parser, out features, out var reason))
        {
            record.Skip(reason);
            return;
        }

        _next[record.Partition] = record.Offset + 1;
        if (_items.Remove(id, out var before))
        {
            _spaces[(before.Encoder, before.Item.Vector.Dimensions)]--;
        }

        if (features?.Embedding is not { Codes.IsEmpty: false } embedding)
        {
            if (_born.Remove(id))
            {
                _gone[id] = (record.Partition, record.Offset);
            }

            return;
        }

        var space = (features.Encoder, embedding.Codes.Length);
        _spaces[space] = _spaces.GetValueOrDefault(space) + 1;
        var item = new CatalogueItem(
            id,
            new Int8Vector(embedding.Codes.Memory, embedding.Scale),
            features.Title,
            [.. features.Terms.Select(term => (Intern(term.Term), term.Weight))]);
        _items[id] = (features.Encoder, item);
        _gone.Remove(id);
        if (before.Item is not { } known || before.Encoder != features.Encoder
            || known.Vector.Scale != item.Vector.Scale || !known.Vector.Codes.Span.SequenceEqual(item.Vector.Codes.Span))
        {
            _born[id] = (record.Partition, record.Offset);
        }
    }

    private ((string Encoder, int Dimensions) Space, int Items) MainSpace()
    {
        (string Encoder, int Dimensions) main = ("", 0);
        var most = 0;
        foreach (var (space, items) in _spaces)
        {
            var order = items != most ? items - most : string.CompareOrdinal(space.Encoder, main.Encoder);
            if (order > 0 || (order == 0 && space.Dimensions > main.Dimensions))
            {
                (main, most) = (space, items);
            }
        }

        return (main, most);
    }

    private string Intern(string term)
    {
        if (_terms.TryGetValue(term, out var known))
        {
            return known;
        }

        _terms[term] = term;
        return term;
    }
}
