using System.Text;

namespace Strata.Ingestion.Texts;

/// <summary>Cleans texts before they are published, and measures ids. Pure.</summary>
internal static class PlainText
{
    /// <summary>
    /// Unicode NFC, without control characters, trimmed. White-space controls (line ends, tabs) become blanks, so that words stay apart;
    /// half surrogate pairs become U+FFFD.
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

        return clean.ToString().Normalize(NormalizationForm.FormC).Trim();
    }

    /// <summary>True when <paramref name="text"/> has more than <paramref name="limit"/> characters (Unicode scalar values).</summary>
    public static bool IsLonger(string text, int limit)
        => text.Length > limit && text.EnumerateRunes().Count() > limit;

    /// <summary>True when an id can be kept as it is: no control characters, no half surrogate pairs.</summary>
    public static bool IsClean(string id)
    {
        foreach (var c in id)
        {
            if (char.IsControl(c))
            {
                return false;
            }
        }

        return Ascii.IsValid(id) || IsWellFormed(id);
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
