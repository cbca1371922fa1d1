using System.Runtime.InteropServices;

namespace Strata.Featurizer.TfIdf.Core;

/// <summary>
/// The document frequencies of one items partition, and what a batch changes in them. Exact up to <paramref name="capacity"/> terms. When
/// one more comes, the rarest quarter goes, and the largest count that ever went is the <em>floor</em>: a term that is not here is in at
/// most so many items, and one that comes (back) may have been in as many before, so it starts above it. Hence, whatever comes first, and
/// whatever is deleted: each term in more items than the floor is here, and no count is below the truth, nor above it by more than the
/// floor. (Space-Saving, Metwally, Agrawal and El Abbadi 2005, with deletions, and evicting a quarter at a time.)
/// </summary>
internal sealed class Vocabulary(int capacity)
{
    /// <summary>Field that counts the live items.</summary>
    public const string ItemsField = "#items";

    /// <summary>Field with the floor; absent while it is 0 and all counts are exact.</summary>
    public const string FloorField = "#floor";

    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _changes = new(StringComparer.Ordinal);

    public int Terms => _counts.Count;

    /// <summary>In how many items a term can be that is not counted.</summary>
    public long Floor { get; private set; }

    public void Load(IReadOnlyDictionary<string, long> fields)
    {
        _counts.Clear();
        _changes.Clear();
        Floor = fields.GetValueOrDefault(FloorField);
        foreach (var (term, count) in fields)
        {
            if (term is not (ItemsField or FloorField))
            {
                _counts[term] = count;
            }
        }
    }

    /// <summary>An item's terms changed from <paramref name="before"/> to <paramref name="after"/>; null: there is no such item.</summary>
    public void Replace(IEnumerable<string>? before, IEnumerable<string>? after)
    {
        AddItems((after is null ? 0 : 1) - (before is null ? 0 : 1));

        // New terms first: one that stays is never dropped in between.
        foreach (var term in after ?? [])
        {
            Add(term);
        }

        foreach (var term in before ?? [])
        {
            Subtract(term);
        }
    }

    /// <summary>What changed since the last call, without what came to nothing.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> TakeChanges()
    {
        KeyValuePair<string, long>[] changes = [.. _changes.Where(change => change.Value != 0)];
        _changes.Clear();
        return changes;
    }

    private void AddItems(int change)
    {
        if (change != 0)
        {
            Note(ItemsField, change);
        }
    }

    private void Add(string term)
    {
        var known = _counts.ContainsKey(term);
        if (!known && _counts.Count >= capacity)
        {
            DropRarest();
        }

        var change = known ? 1 : Floor + 1;
        CollectionsMarshal.GetValueRefOrAddDefault(_counts, term, out _) += change;
        Note(term, change);
    }

    // Among equals by name, so that the same log gives the same counts.
    private void DropRarest()
    {
        var rarest = _counts.OrderBy(count => count.Value)
            .ThenBy(count => count.Key, StringComparer.Ordinal)
            .Take(Math.Max(1, capacity / 4))
            .ToArray();
        foreach (var (term, count) in rarest)
        {
            _counts.Remove(term);
            Note(term, -count);
        }

        var floor = Math.Max(Floor, rarest[^1].Value);
        Note(FloorField, floor - Floor);
        Floor = floor;
    }

    private void Subtract(string term)
    {
        if (!_counts.TryGetValue(term, out var count))
        {
            return;
        }

        if (count > 1)
        {
            _counts[term] = count - 1;
        }
        else
        {
            _counts.Remove(term);
        }

        Note(term, -1);
    }

    private void Note(string field, long change) => CollectionsMarshal.GetValueRefOrAddDefault(_changes, field, out _) += change;
}
