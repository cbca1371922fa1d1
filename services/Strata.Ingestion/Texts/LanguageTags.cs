using System.Text.RegularExpressions;
using Strata.Edge.Requests;

namespace Strata.Ingestion.Texts;

/// <summary>Tags of languages, as producers send them. Pure.</summary>
internal static partial class LanguageTags
{
    private const int LongestTag = 35;

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

    [GeneratedRegex(@"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")]
    private static partial Regex Tags();
}
