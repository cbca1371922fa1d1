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
    private long _titleTerms;

    internal TermStatistics()
        : this(new(StringComparer.Ordinal), new(default))
    {
    }

    private TermStatistics(ConcurrentDictionary<string, int> indexes, Column<Entry> entries)
    {
        (_indexes, _entries) = (indexes, entries);
    }

    /// <summary>Mean number of terms of a title; 0 without items.</summary>
    public double MeanTitle => _items == 0 ? 0 : (double)_titleTerms / _items;

    /// <summary>A term's number; −1: no item has it.</summary>
    public int NumberOf(string term) => _indexes.TryGetValue(term, out var index) ? index : -1;

    /// <summary>ln(1 + (N − n + ½) / (n + ½)) of the n titles that have a term, by its number: the idf of BM25.</summary>
    public double TitleIdf(int term)
    {
        var titles = term < 0 ? 0 : _entries[term].Titles;
        return Math.Log(1 + ((_items - titles + 0.5) / (titles + 0.5)));
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

    /// <summary>Writer: an item's terms go and others come, as numbers; null for none.</summary>
    internal ItemTerms Replace(ItemFeatures? old, ItemFeatures? current)
    {
        Count(old, -1);
        Count(current, 1);
        return current is null
            ? ItemTerms.None
            : new ItemTerms(Numbers(TitleOf(current)), Numbers(current.Terms.Select(term => term.Term)));
    }

    /// <summary>Writer: the statistics as they are now, for good.</summary>
    internal TermStatistics Freeze() => new(_indexes, _entries.Freeze()) { _items = _items, _titleTerms = _titleTerms };

    private static IEqualityComparer<char> CaseInsensitive { get; } = EqualityComparer<char>.Create(
        (a, b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b), c => char.ToLowerInvariant(c));

    // A release before wrote no terms of titles.
    private static string[] TitleOf(ItemFeatures features)
        => features.TitleTerms.Count > 0 ? [.. features.TitleTerms] : [.. features.Terms.Select(term => term.Term)];

    private int[] Numbers(IEnumerable<string> terms)
        => [.. terms.Select(term => _indexes.GetOrAdd(term, static (_, next) => next, _indexes.Count))];

    private void Count(ItemFeatures? features, int change)
    {
        if (features is null)
        {
            return;
        }

        var title = TitleOf(features);
        _items += change;
        _titleTerms += change * title.Length;
        foreach (var term in Numbers(title.Distinct(StringComparer.Ordinal)))
        {
            _entries.Set(term, _entries[term] with { Titles = _entries[term].Titles + change });
        }

        foreach (var term in Numbers(features.Terms.Select(term => term.Term)))
        {
            var entry = _entries[term];
            var items = entry.Items + change;
            var named = items > 0 ? change > 0 ? features.Title : entry.Title : "";
            _entries.Set(term, entry with { Items = items, Title = named });
        }
    }

    private Entry EntryOf(string term) => _indexes.TryGetValue(term, out var index) ? _entries[index] : default;

    /// <param name="Items">Items whose features have the term.</param>
    /// <param name="Titles">Items whose titles have it.</param>
    /// <param name="Title">A title of one of those items.</param>
    private readonly record struct Entry(int Items, int Titles, string Title);
}
