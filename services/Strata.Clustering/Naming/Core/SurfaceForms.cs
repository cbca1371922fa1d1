using System.Globalization;
using System.Text;
using Strata.Clustering.Catalogue.Core;

namespace Strata.Clustering.Naming.Core;

/// <summary>
/// The words that titles use for stems. A title word belongs to that term of its item with which it has the longest beginning in common:
/// all of the term but its last two letters at least, and no fewer than three (happy: happi; universities: univers). Accents do not count
/// (Teekännchen: teekannch), since stemmers of German and French take them off; nor what stands before the term in an Arabic word (its
/// article).
/// </summary>
internal sealed class SurfaceForms
{
    private const int Ending = 2;
    private const int ShortestBeginning = 3;
    private const char FirstArabic = '\u0600';
    private const char LastArabic = '\u06FF';
    private const char FirstThai = '\u0E00';
    private const char LastThai = '\u0E7F';

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

        // Pairs of Chinese, Japanese or Korean characters are words as they are, and Thai is written without blanks.
        if ((stem[0] >= '⺀' && !char.IsSurrogate(stem[0])) || stem[0] is >= FirstThai and <= LastThai)
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
        word = WithoutAccents(word);
        foreach (var (term, _) in terms)
        {
            var plain = WithoutAccents(term);
            var start = term[0] is >= FirstArabic and <= LastArabic ? Math.Max(0, word.IndexOf(plain, StringComparison.Ordinal)) : 0;
            var common = word.AsSpan(start).CommonPrefixLength(plain);
            var isWhole = common == plain.Length && common == word.Length;
            var needed = Math.Max(ShortestBeginning, plain.Length - Ending);
            if ((isWhole || common >= needed) && common > longest)
            {
                (best, longest) = (term, common);
            }
        }

        return best;
    }

    private static string WithoutAccents(string text)
        => Ascii.IsValid(text)
            ? text
            : string.Concat(text.Normalize(NormalizationForm.FormD)
                .Where(letter => CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark))
                .Replace("ß", "ss", StringComparison.Ordinal);
}
