using System.Collections.Concurrent;
using Strata.Contracts.Features.V1;

namespace Strata.Ranking.Index.Items;

/// <summary>
/// In how many alive items a term is (among the 32 that an item's features keep), and how people write it. One writer; what it freezes
/// never changes.
/// </summary>
public sealed class TermStatistics
{
    // A term keeps its index for good, so all versions share the dictionary.
    private readonly ConcurrentDictionary<string, int> _indexes;
    private readonly Column<Entry> _entries;
    private int _items;

    internal TermStatistics()
        : this(new(StringComparer.Ordinal), new(default))
    {
    }

    private TermStatistics(ConcurrentDictionary<string, int> indexes, Column<Entry> entries)
    {
        (_indexes, _entries) = (indexes, entries);
    }

    /// <summary>ln((1 + N) / (1 + df)) + 1: scikit-learn's smooth idf.</summary>
    public double Idf(string term)
    {
        return Math.Log((1.0 + _items) / (1.0 + EntryOf(term).Items)) + 1;
    }

    /// <summary>The word of some item's title that the stem comes from; the stem itself when no title has one.</summary>
    public string Readable(string term)
    {
        ArgumentNullException.ThrowIfNull(term);
        var entry = EntryOf(term);
        if (entry.Items == 0)
        {
            return term;
        }

        // A stemmer cuts an end and may change the last letter: "candi" comes from "candies" or "candy".
        var kept = Math.Max(2, term.Length - 1);
        var best = default(string);
        foreach (var range in entry.Title.AsSpan().SplitAny(" \t,.;:!?/|()[]\"“”«»"))
        {
            var word = entry.Title.AsSpan(range);
            if (word.Length >= term.Length - 1 && word.Length <= term.Length + 5 && word.CommonPrefixLength(term, CaseInsensitive) >= kept
                && (best is null || word.Length < best.Length))
            {
                best = word.ToString();
            }
        }

        return best?.ToLowerInvariant() ?? term;
    }

    /// <summary>Writer: an item's terms go and others come; null for none.</summary>
    internal void Replace(ItemFeatures? old, ItemFeatures? current)
    {
        Add(old, -1);
        Add(current, 1);
        _items += (current is null ? 0 : 1) - (old is null ? 0 : 1);
    }

    /// <summary>Writer: the statistics as they are now, for good.</summary>
    internal TermStatistics Freeze() => new(_indexes, _entries.Freeze()) { _items = _items };

    private static IEqualityComparer<char> CaseInsensitive { get; } = EqualityComparer<char>.Create(
        (a, b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b), c => char.ToLowerInvariant(c));

    private void Add(ItemFeatures? features, int change)
    {
        foreach (var term in features?.Terms ?? [])
        {
            var index = _indexes.GetOrAdd(term.Term, static (_, next) => next, _indexes.Count);
            var entry = _entries[index];
            var items = entry.Items + change;
            _entries.Set(index, items > 0 ? new Entry(items, change > 0 ? features!.Title : entry.Title) : default);
        }
    }

    private Entry EntryOf(string term) => _indexes.TryGetValue(term, out var index) ? _entries[index] : default;

    private readonly record struct Entry(int Items, string Title);
}
