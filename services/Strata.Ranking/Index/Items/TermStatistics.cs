using System.Collections.Concurrent;
using Strata.Contracts.Features.V1;

namespace Strata.Ranking.Index.Items;

/// <summary>In how many alive items a term is (among the 32 that an item's features keep), and how people write it.</summary>
public sealed class TermStatistics
{
    private readonly ConcurrentDictionary<string, Entry> _terms = new(StringComparer.Ordinal);
    private int _items;

    /// <summary>ln((1 + N) / (1 + df)) + 1: scikit-learn's smooth idf.</summary>
    public double Idf(string term)
    {
        var frequency = _terms.TryGetValue(term, out var entry) ? entry.Items : 0;
        return Math.Log((1.0 + Volatile.Read(ref _items)) / (1.0 + frequency)) + 1;
    }

    /// <summary>The word of some item's title that the stem comes from; the stem itself when no title has one.</summary>
    public string Readable(string term)
    {
        ArgumentNullException.ThrowIfNull(term);
        if (!_terms.TryGetValue(term, out var entry))
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
        Volatile.Write(ref _items, _items - (old is null ? 0 : 1) + (current is null ? 0 : 1));
    }

    private static IEqualityComparer<char> CaseInsensitive { get; } = EqualityComparer<char>.Create(
        (a, b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b), c => char.ToLowerInvariant(c));

    private void Add(ItemFeatures? features, int change)
    {
        foreach (var term in features?.Terms ?? [])
        {
            var known = _terms.TryGetValue(term.Term, out var entry);
            var items = (known ? entry.Items : 0) + change;
            if (items > 0)
            {
                _terms[term.Term] = new Entry(items, change > 0 ? features!.Title : entry.Title);
            }
            else
            {
                _terms.TryRemove(term.Term, out _);
            }
        }
    }

    private readonly record struct Entry(int Items, string Title);
}
