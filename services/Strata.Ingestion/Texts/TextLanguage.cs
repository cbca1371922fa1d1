using System.Text;
using System.Text.RegularExpressions;
using Strata.Edge.Requests;

namespace Strata.Ingestion.Texts;

/// <summary>
/// Tells the language of a text: by its script where that has one language, else by words that only one language has, else not at all. A
/// short title in Latin letters often has none of them. Pure.
/// </summary>
internal static partial class TextLanguage
{
    /// <summary>The tag for a language that is not told.</summary>
    public const string Unknown = "und";

    private const int LongestTag = 35;

    /// <summary>Words that carry a sentence, of one language only among these.</summary>
    private static readonly Dictionary<string, string> Words = new Dictionary<string, string>
    {
        ["en"] = "the and for with of to from how what why which is are does my your",
        ["de"] = "der das und mit für von auf ein eine ist nicht wie oder zum zur ohne",
        ["fr"] = "le les et pour avec une est dans sur comment du au aux sans ou",
        ["es"] = "el los las y para una como del sin por qué cómo",
        ["it"] = "il gli che di per con della sono come nel dal",
        ["nl"] = "het een van voor met niet hoe zijn naar",
        ["pt"] = "os uma para com não do da em ao como são",
    }.SelectMany(language => language.Value.Split(' ').Select(word => (word, language.Key)))
        .GroupBy(pair => pair.word, pair => pair.Key, StringComparer.Ordinal)
        .Where(languages => languages.Count() == 1)
        .ToDictionary(languages => languages.Key, languages => languages.Single(), StringComparer.Ordinal);

    /// <summary>The language as a BCP 47 primary subtag; <see cref="Unknown"/> where the text does not tell.</summary>
    public static string Of(string text)
    {
        if (Ascii.IsValid(text))
        {
            return OfWords(text);
        }

        var han = false;
        foreach (var rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case >= 0x3040 and <= 0x30FF:
                    return "ja";
                case >= 0xAC00 and <= 0xD7AF or >= 0x1100 and <= 0x11FF:
                    return "ko";
                case >= 0x0E00 and <= 0x0E7F:
                    return "th";
                case >= 0x0370 and <= 0x03FF:
                    return "el";
                case >= 0x0590 and <= 0x05FF:
                    return "he";
                case >= 0x3400 and <= 0x9FFF or >= 0x20000 and <= 0x3FFFF:
                    han = true;
                    break;
                default:
                    break;
            }
        }

        return han ? "zh" : OfWords(text);
    }

    /// <summary>A tag as BCP 47 writes it: "en", "pt-BR", "zh-Hant"; what is none is refused.</summary>
    public static string LanguageTag(this Violations violations, string field, string tag)
    {
        if (tag.Length == 0)
        {
            return tag;
        }

        var subtags = tag.Replace('_', '-').Split('-');
        if (tag.Length > LongestTag || !Tags().IsMatch(string.Join('-', subtags)))
        {
            violations.Add(field, "is no BCP 47 tag: send one such as \"en\", \"pt-BR\" or \"zh-Hant\", or leave it out");
            return tag;
        }

        return string.Join('-', subtags.Select((subtag, place) => (place, subtag.Length) switch
        {
            ( > 0, 2) => subtag.ToUpperInvariant(),
            ( > 0, 4) when char.IsAsciiLetter(subtag[0]) => char.ToUpperInvariant(subtag[0]) + subtag[1..].ToLowerInvariant(),
            _ => subtag.ToLowerInvariant(),
        }));
    }

    // The language with most of its words in the text, of which there must be more than of any other.
    private static string OfWords(string text)
    {
        Dictionary<string, int>? counts = null;
        foreach (Match match in Letters().Matches(text))
        {
            if (Words.TryGetValue(match.Value.ToLowerInvariant(), out var language))
            {
                counts ??= new Dictionary<string, int>(StringComparer.Ordinal);
                counts[language] = counts.GetValueOrDefault(language) + 1;
            }
        }

        if (counts is null)
        {
            return Unknown;
        }

        var most = counts.Values.Max();
        var best = counts.Where(pair => pair.Value == most).Select(pair => pair.Key).ToList();
        return best.Count == 1 ? best[0] : Unknown;
    }

    [GeneratedRegex(@"\p{L}+")]
    private static partial Regex Letters();

    [GeneratedRegex(@"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")]
    private static partial Regex Tags();
}
