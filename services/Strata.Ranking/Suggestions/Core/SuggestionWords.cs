using System.Globalization;
using System.Text;
using Strata.Edge.Requests;

namespace Strata.Ranking.Suggestions.Core;

/// <summary>
/// Words of a text without case and without marks: compatibility decomposition (NFKD), marks left out, lower case, and what Unicode does
/// not decompose spelt out (ß as ss, ø as o). Apostrophes join; whatever else is no letter or digit parts. Each sign of Chinese and
/// Japanese is a word of its own, as nothing parts these.
/// </summary>
internal static class SuggestionWords
{
    /// <summary>Words of a text that count, the first ones.</summary>
    private const int Most = 32;

    /// <summary>The words in their order, the same one more than once too.</summary>
    public static List<string> Of(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var rune in Decomposed(text).EnumerateRunes())
        {
            if (words.Count == Most)
            {
                return words;
            }

            if (IsAlone(rune))
            {
                End();
                words.Add(rune.ToString());
            }
            else if (Rune.IsLetterOrDigit(rune))
            {
                Append(word, Rune.ToLowerInvariant(rune));
            }
            else if (!Joins(rune))
            {
                End();
            }
        }

        End();
        return words.Count > Most ? words[..Most] : words;

        void End()
        {
            if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }
    }

    // A lone surrogate, which JSON may bring, would be refused: read by runes it is the replacement character. So would a noncharacter.
    private static string Decomposed(string text)
    {
        if (System.Text.Ascii.IsValid(text))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            clean.Append(IdRules.IsNoCharacter(rune) ? " " : rune.ToString());
        }

        return clean.ToString().Normalize(NormalizationForm.FormKD);
    }

    private static bool Joins(Rune rune)
        => rune.Value is '\'' or '’'
            || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format;

    private static bool IsAlone(Rune rune)
        => rune.Value is (>= 0x3041 and <= 0x30FF) or (>= 0x3400 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF)
            && Rune.IsLetter(rune);

    private static void Append(StringBuilder word, Rune rune)
    {
        switch (rune.Value)
        {
            case 'ß':
                word.Append("ss");
                break;
            case 'æ':
                word.Append("ae");
                break;
            case 'œ':
                word.Append("oe");
                break;
            case 'ø':
                word.Append('o');
                break;
            case 'ł':
                word.Append('l');
                break;
            case 'đ' or 'ð':
                word.Append('d');
                break;
            case 'ı':
                word.Append('i');
                break;
            default:
                word.Append(rune.ToString());
                break;
        }
    }
}
