using System.Globalization;
using System.Text;

namespace Strata.Featurizer.Embeddings.Core;

/// <summary>
/// Cuts a text into words as BERT's own basic tokenisation does for lower-case models: control and format characters out, every white space
/// a blank, CJK ideographs apart, accents stripped (NFD, non-spacing marks out), lower case, split at ASCII symbols and Unicode
/// punctuation.
/// </summary>
internal static class BertWords
{
    public static IReadOnlyList<string> Split(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var rune in Clean(text).Normalize(NormalizationForm.FormD).EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark)
            {
                continue;
            }

            var separate = IsIdeograph(rune.Value) || IsPunctuation(rune);
            if (separate || Rune.IsWhiteSpace(rune))
            {
                Flush(word, words);
            }

            if (separate)
            {
                words.Add(rune.ToString());
            }
            else if (!Rune.IsWhiteSpace(rune))
            {
                // Whole strings: some letters become two when lower-cased.
                word.Append(rune.ToString().ToLowerInvariant());
            }
        }

        Flush(word, words);
        return words;
    }

    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '\t' or '\n' or '\r')
            {
                clean.Append(' ');
            }
            else if (rune.Value is not (0 or 0xFFFD) && !IsControl(rune))
            {
                clean.Append(Rune.IsWhiteSpace(rune) ? " " : rune.ToString());
            }
        }

        return clean.ToString();
    }

    private static void Flush(StringBuilder word, List<string> words)
    {
        if (word.Length > 0)
        {
            words.Add(word.ToString());
            word.Clear();
        }
    }

    private static bool IsControl(Rune rune)
        => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse
        or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned;

    private static bool IsPunctuation(Rune rune) => rune.IsAscii
        ? char.IsAsciiLetterOrDigit((char)rune.Value) is false && rune.Value is > 32 and < 127
        : Rune.IsPunctuation(rune);

    private static bool IsIdeograph(int value)
        => value is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
        or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B820 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
