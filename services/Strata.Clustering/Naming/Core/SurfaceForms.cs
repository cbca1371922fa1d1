using Strata.Clustering.Catalogue.Core;

namespace Strata.Clustering.Naming.Core;

/// <summary>
/// The words that titles use for stems. A title word belongs to that term of its item with which it has the longest beginning in common:
/// all of the term but its last two letters at least, and no fewer than three (happy: happi; universities: univers).
/// </summary>
internal sealed class SurfaceForms
{
    private const int Ending = 2;
    private const int ShortestBeginning = 3;

    private readonly Dictionary<string, Dictionary<string, int>> _forms = new(StringComparer.Ordinal);

    public SurfaceForms(IEnumerable<string> stems)
    {
        foreach (var stem in stems)
        {
            _forms.TryAdd(stem, new Dictionary<string, int>(StringComparer.Ordinal));
        }
    }

    public void Learn(CatalogueItem item)
    {
        var others = FunctionWords.Of(item.Terms);
        foreach (var word in TitleWords.Of(item.Title))
        {
            if (!FunctionWords.Contain(word) && !others.Any(language => language.Contains(word))
                && TermOf(word, item.Terms) is { } term && _forms.TryGetValue(term, out var words))
            {
                words[word] = words.GetValueOrDefault(word) + 1;
            }
        }
    }

    /// <summary>
    /// The most frequent word for a stem; null when titles never spell it out, or only by function words, or it is a mere number.
    /// </summary>
    public string? WordFor(string stem)
    {
        if (stem.Length < 2 || stem.All(char.IsDigit) || FunctionWords.Contain(stem))
        {
            return null;
        }

        // Pairs of Chinese, Japanese or Korean characters are words as they are.
        if (stem[0] >= '⺀' && !char.IsSurrogate(stem[0]))
        {
            return stem;
        }

        return _forms[stem]
            .OrderByDescending(form => form.Value).ThenBy(form => form.Key.Length).ThenBy(form => form.Key, StringComparer.Ordinal)
            .Select(form => form.Key).FirstOrDefault();
    }

    /// <summary>The term that a word belongs to; null when it belongs to none.</summary>
    public static string? TermOf(string word, IReadOnlyList<(string Term, float Frequency)> terms)
    {
        var (best, longest) = ((string?)null, 0);
        foreach (var (term, _) in terms)
        {
            var common = word.AsSpan().CommonPrefixLength(term);
            var isWhole = common == term.Length && common == word.Length;
            var needed = Math.Max(ShortestBeginning, term.Length - Ending);
            if ((isWhole || common >= needed) && common > longest)
            {
                (best, longest) = (term, common);
            }
        }

        return best;
    }
}
