using System.Text;

namespace Strata.Ingestion.Texts;

/// <summary>Cleans texts before they are published, and measures ids. Pure.</summary>
internal static class PlainText
{
    /// <summary>
    /// Unicode NFC, without control characters, trimmed. White-space controls (line ends, tabs) become blanks, so that words stay apart;
    /// half surrogate pairs become U+FFFD. A text with code points that are no characters has no normal form: it stays, to be refused.
    /// </summary>
    public static string Normalise(string text)
    {
        if (text.Length == 0 || (Ascii.IsValid(text) && !text.Any(char.IsControl)))
        {
            return text.Trim();
        }

        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (!Rune.IsControl(rune))
            {
                clean.Append(rune);
            }
            else if (Rune.IsWhiteSpace(rune))
            {
                clean.Append(' ');
            }
        }

        var plain = clean.ToString();
        return (NoCharacter(plain) is null ? plain.Normalize(NormalizationForm.FormC) : plain).Trim();
    }

    /// <summary>
    /// The first code point that is no character and never will be (Unicode 16, section 23.7: the last two of each plane, U+FDD0 to
    /// U+FDEF); null when there is none.
    /// </summary>
    public static Rune? NoCharacter(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if ((rune.Value & 0xFFFE) == 0xFFFE || rune.Value is >= 0xFDD0 and <= 0xFDEF)
            {
                return rune;
            }
        }

        return null;
    }

    /// <summary>True when <paramref name="text"/> has more than <paramref name="limit"/> characters (Unicode scalar values).</summary>
    public static bool IsLonger(string text, int limit)
        => text.Length > limit && text.EnumerateRunes().Count() > limit;

    /// <summary>
    /// True when an id can be kept as it is: no control characters, no half surrogate pairs, nothing that is no character.
    /// </summary>
    public static bool IsClean(string id)
    {
        foreach (var c in id)
        {
            if (char.IsControl(c))
            {
                return false;
            }
        }

        return Ascii.IsValid(id) || (IsWellFormed(id) && NoCharacter(id) is null);
    }

    private static bool IsWellFormed(string id)
    {
        for (var i = 0; i < id.Length; i++)
        {
            if (char.IsSurrogate(id[i]))
            {
                if (!char.IsHighSurrogate(id[i]) || i + 1 == id.Length || !char.IsLowSurrogate(id[i + 1]))
                {
                    return false;
                }

                i++;
            }
        }

        return true;
    }
}
