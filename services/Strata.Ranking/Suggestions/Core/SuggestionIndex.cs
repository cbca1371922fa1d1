using System.Buffers;
using System.Numerics;

namespace Strata.Ranking.Suggestions.Core;

/// <summary>
/// Texts by the beginnings of their words. Immutable: texts are numbered by their rank, so the first numbers that have all words are the
/// best. Each word typed is a range of the sorted words, whose texts are marked in a row of bits; the rows are joined by and.
/// </summary>
internal sealed class SuggestionIndex
{
    /// <summary>Words of what is typed that count, the last ones.</summary>
    private const int MostTyped = 8;

    private readonly SuggestedText[] _texts;
    private readonly string[] _words;

    // Texts of word w are _postings[_starts[w].._starts[w + 1]].
    private readonly int[] _starts;
    private readonly int[] _postings;

    private SuggestionIndex(SuggestedText[] texts, string[] words, int[] starts, int[] postings)
    {
        (_texts, _words, _starts, _postings) = (texts, words, starts, postings);
    }

    /// <summary>Without a text.</summary>
    public static SuggestionIndex Empty { get; } = new([], [], [0], []);

    /// <summary>Texts, best first.</summary>
    public IReadOnlyList<SuggestedText> Texts => _texts;

    /// <summary>Orders texts by score (queries before titles, then by letters); of those with the same words the best stays.</summary>
    public static SuggestionIndex Build(IEnumerable<SuggestedText> texts)
    {
        var ranked = new List<SuggestedText>();
        var numbers = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var pairs = 0;
        foreach (var text in texts.OrderByDescending(text => text.Score).ThenBy(text => text.Item >= 0)
            .ThenBy(text => text.Text, StringComparer.Ordinal).ThenBy(text => text.Item))
        {
            var words = SuggestionWords.Of(text.Text);
            if (words.Count == 0 || !seen.Add(string.Join(' ', words)))
            {
                continue;
            }

            foreach (var word in words.Distinct(StringComparer.Ordinal))
            {
                if (!numbers.TryGetValue(word, out var postings))
                {
                    numbers[word] = postings = [];
                }

                postings.Add(ranked.Count);
                pairs++;
            }

            ranked.Add(text);
        }

        string[] sorted = [.. numbers.Keys];
        Array.Sort(sorted, StringComparer.Ordinal);
        var (starts, all) = (new int[sorted.Length + 1], new List<int>(pairs));
        for (var word = 0; word < sorted.Length; word++)
        {
            all.AddRange(numbers[sorted[word]]);
            starts[word + 1] = all.Count;
        }

        return new SuggestionIndex([.. ranked], sorted, starts, [.. all]);
    }

    /// <summary>
    /// Texts with a word for each word typed that begins with it, best first. Nothing for what has no word.
    /// </summary>
    /// <param name="typed">What somebody typed so far.</param>
    /// <param name="count">Texts at most.</param>
    /// <param name="allows">Which texts may come.</param>
    public List<SuggestedText> Find(string typed, int count, Func<SuggestedText, bool> allows)
    {
        var words = SuggestionWords.Of(typed).Distinct(StringComparer.Ordinal).TakeLast(MostTyped).ToList();
        var found = new List<SuggestedText>();
        if (words.Count == 0 || _texts.Length == 0)
        {
            return found;
        }

        var length = (_texts.Length + 63) / 64;
        var (row, next) = (ArrayPool<ulong>.Shared.Rent(length), ArrayPool<ulong>.Shared.Rent(length));
        try
        {
            Mark(words[0], row.AsSpan(0, length));
            foreach (var word in words.Skip(1))
            {
                Mark(word, next.AsSpan(0, length));
                for (var part = 0; part < length; part++)
                {
                    row[part] &= next[part];
                }
            }

            for (var part = 0; part < length; part++)
            {
                for (var bits = row[part]; bits != 0; bits &= bits - 1)
                {
                    var text = _texts[(part * 64) + BitOperations.TrailingZeroCount(bits)];
                    if (allows(text))
                    {
                        found.Add(text);
                        if (found.Count == count)
                        {
                            return found;
                        }
                    }
                }
            }

            return found;
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(row);
            ArrayPool<ulong>.Shared.Return(next);
        }
    }

    // The bits of all texts with a word that begins so.
    private void Mark(string beginning, Span<ulong> row)
    {
        row.Clear();
        var first = Array.BinarySearch(_words, beginning, StringComparer.Ordinal);
        var word = first < 0 ? ~first : first;
        var from = _starts[word];
        while (word < _words.Length && _words[word].StartsWith(beginning, StringComparison.Ordinal))
        {
            word++;
        }

        foreach (var text in _postings.AsSpan(from.._starts[word]))
        {
            row[text / 64] |= 1UL << (text % 64);
        }
    }
}
