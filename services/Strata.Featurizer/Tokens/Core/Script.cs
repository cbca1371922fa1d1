using System.Text;

namespace Strata.Featurizer.Tokens.Core;

/// <summary>Which script a text is mostly written in: it decides how the text is cut into terms.</summary>
internal static class Script
{
    /// <summary>True when more than half of the text's letters are Chinese, Japanese or Korean.</summary>
    public static bool IsMostlyCjk(string text)
    {
        var cjk = 0;
        var letters = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            // ASCII first: nearly every character of most texts.
            if (rune.IsAscii ? !char.IsAsciiLetter((char)rune.Value) : !Rune.IsLetter(rune))
            {
                continue;
            }

            letters++;
            if (IsCjk(rune.Value))
            {
                cjk++;
            }
        }

        return cjk * 2 > letters;
    }

    private static bool IsCjk(int value) => value is
        (>= 0x1100 and <= 0x11FF) // Hangul Jamo
        or (>= 0x3040 and <= 0x30FF) // Hiragana, Katakana
        or (>= 0x3130 and <= 0x318F) // Hangul compatibility Jamo
        or (>= 0x31F0 and <= 0x31FF) // Katakana phonetic extensions
        or (>= 0x3400 and <= 0x4DBF) // ideographs, extension A
        or (>= 0x4E00 and <= 0x9FFF) // ideographs
        or (>= 0xAC00 and <= 0xD7AF) // Hangul syllables
        or (>= 0xF900 and <= 0xFAFF) // compatibility ideographs
        or (>= 0xFF66 and <= 0xFFDC) // half-width Katakana and Hangul
        or (>= 0x20000 and <= 0x323AF); // ideographs, extensions B to H
}
