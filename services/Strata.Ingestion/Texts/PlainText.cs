using System.Globalization;
using System.Text;
using Strata.Edge.Requests;

namespace Strata.Ingestion.Texts;

/// <summary>Cleans texts before they are published. Pure.</summary>
internal static class PlainText
{
    private const int ZeroWidthNonJoiner = 0x200C;
    private const int ZeroWidthJoiner = 0x200D;

    /// <summary>First code point of the scripts in which joiners change what is read (Arabic, Syriac, those of India and Tibet).</summary>
    private const int FirstJoining = 0x0600;

    /// <summary>
    /// Unicode NFKC, without control and format characters, trimmed. White-space controls (line ends, tabs) become blanks, so that words
    /// stay apart; joiners stay where they join (emoji, Persian, Hindi); half surrogate pairs become U+FFFD. A text with code points that
    /// are no characters has no normal form: it stays, to be refused.
    /// </summary>
    public static string Normalise(string text)
    {
        if (Ascii.IsValid(text) && !text.Any(char.IsControl))
        {
            return text.Trim();
        }

        // What is taken out may have kept two parts of a character apart, and the normal form may hold what is taken out.
        var plain = Visible(text);
        return (IdRules.NoCharacter(plain) is null ? Visible(plain.Normalize(NormalizationForm.FormKC)) : plain).Trim();
    }

    /// <summary>True when a reader sees something: not only blanks, marks and characters without width.</summary>
    public static bool Shows(string text)
        => text.EnumerateRunes().Any(rune => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.SpaceSeparator
            or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.Control
            or UnicodeCategory.Format
            or UnicodeCategory.NonSpacingMark
            or UnicodeCategory.EnclosingMark) && !IsBlank(rune.Value));

    // Letters by category that show nothing: Hangul fillers and the blank of Braille.
    private static bool IsBlank(int value) => value is 0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x2800;

    private static string Visible(string text)
    {
        var clean = new StringBuilder(text.Length);
        var before = 0;
        var runes = text.EnumerateRunes().ToArray();
        for (var i = 0; i < runes.Length; i++)
        {
            var rune = runes[i];
            if (Rune.IsControl(rune))
            {
                if (!Rune.IsWhiteSpace(rune))
                {
                    continue;
                }

                rune = new Rune(' ');
            }
            else if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format
                && !IsSign(rune.Value)
                && !Joins(rune.Value, before, Next(runes, i)))
            {
                continue;
            }

            clean.Append(rune);
            before = rune.Value;
        }

        return clean.ToString();
    }

    // Signs that stand over numbers and words (Arabic, Syriac, Kaithi): of the category, and seen.
    private static bool IsSign(int value)
        => value is (>= 0x0600 and <= 0x0605) or 0x06DD or 0x070F or 0x0890 or 0x0891 or 0x08E2 or 0x110BD or 0x110CD;

    private static int Next(Rune[] runes, int place) => place + 1 < runes.Length ? runes[place + 1].Value : 0;

    // A joiner between two characters of such a script, or of emoji.
    private static bool Joins(int value, int before, int after)
        => value is ZeroWidthNonJoiner or ZeroWidthJoiner && before >= FirstJoining && after >= FirstJoining
            && before is not (ZeroWidthNonJoiner or ZeroWidthJoiner) && after is not (ZeroWidthNonJoiner or ZeroWidthJoiner);
}
