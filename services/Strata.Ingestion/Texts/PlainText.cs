using System.Text;
using Strata.Edge.Requests;

namespace Strata.Ingestion.Texts;

/// <summary>Cleans texts before they are published. Pure.</summary>
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
        return (IdRules.NoCharacter(plain) is null ? plain.Normalize(NormalizationForm.FormC) : plain).Trim();
    }
}
