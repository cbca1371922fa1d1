using System.Runtime.InteropServices;

namespace Strata.Featurizer.TfIdf.Core;

/// <summary>
/// The document frequencies of one items partition, and what a batch changes in them. Bounded: once <paramref name="capacity"/> terms are
/// known, new terms are not counted (they look as rare as can be, idf = ln(1 + N) + 1) until others have left; counts of terms that were
/// turned away once are lower bounds from then on and never fall below zero.
/// </summary>
internal sealed class Vocabulary(int capacity)
{
    /// <summary>Field that counts the live items.</summary>
    public const string ItemsField = "#items";

    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _changes = new(StringComparer.Ordinal);

    public int Terms => _counts.Count;

    public void Load(IReadOnlyDictionary<string, long> fields)
    {
        _counts.Clear();
        _changes.Clear();
        foreach (var (term, count) in fields)
        {
            if (term != ItemsField)
            {
                _counts[term] = count;
            }
        }
    }

    /// <summary>An item's terms changed from <paramref name="before"/> to <paramref name="after"/>; null: there is no such item.</summary>
    public void Replace(IEnumerable<string>? before, IEnumerable<string>? after)
    {
        AddItems((after is null ? 0 : 1) - (before is null ? 0 : 1));

        // New terms first: one that stays is never dropped and turned away in between.
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
        if (_counts.Count >= capacity && !_counts.ContainsKey(term))
        {
            return;
        }

        CollectionsMarshal.GetValueRefOrAddDefault(_counts, term, out _)++;
        Note(term, 1);
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
