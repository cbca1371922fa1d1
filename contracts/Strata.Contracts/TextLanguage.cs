using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace Strata.Contracts;

/// <summary>
/// Tells the language of a text, as <c>Item.language</c> and <c>UserEvent.language</c> name it: by the script of most of its letters where
/// that tells, else by words and letters that few languages have. English is told by one such word, another language by two signs and more
/// of them than any other has, so that a name in it (rose du sud, Las Vegas) does not turn an English title. Pure.
/// </summary>
public static partial class TextLanguage
{
    /// <summary>The tag for a language that is not told.</summary>
    public const string Unknown = "und";

    private const string English = "en";

    private static readonly SearchValues<char> Ukrainian = SearchValues.Create("іїєґІЇЄҐ");
    private static readonly SearchValues<char> Serbian = SearchValues.Create("ђјљњћџЂЈЉЊЋЏ");
    private static readonly SearchValues<char> Urdu = SearchValues.Create("ٹڈڑںے");
    private static readonly SearchValues<char> Persian = SearchValues.Create("پچژگ");

    private static readonly Dictionary<string, string[]> Words = Signs(new()
    {
        [English] = "the and for with of to from how what why which is are does my your this that it its when where can into by on in "
            + "or as be at an if not you i no so do",
        ["de"] = "der die das und mit für von auf ein eine einen einem ist nicht wie oder zum zur ohne den dem des im aus bei nach "
            + "sich auch am als man über zwei unter",
        ["fr"] = "le les la et pour avec une un est dans sur du de des au aux sans ou qui que en par son sa ce cette pas plus chez",
        ["es"] = "el los las y para una un con del sin por qué cómo de la en que se su más es al como lo sobre entre",
        ["it"] = "il gli che di per con della del dei delle sono nel dal un una da la le come anche più alla al senza tra",
        ["nl"] = "het een van voor met niet hoe zijn naar de en op te om ook dat bij uit aan is door zonder deze",
        ["pt"] = "os uma um para com não do da dos das em ao como são de que por mais sem na nas seu sua",
    });

    private static readonly Dictionary<string, string[]> Letters = Signs(new()
    {
        ["de"] = "ä ö ü ß",
        ["fr"] = "é è ê ë à â ç ô û ù î ï œ",
        ["es"] = "ñ á é í ó ú ¿ ¡",
        ["it"] = "à è é ì ò ù",
        ["nl"] = "ë ï",
        ["pt"] = "ã õ á â à é ê í ó ô ú ç",
    });

    /// <summary>The language as a BCP 47 primary subtag; <see cref="Unknown"/> where the text does not tell.</summary>
    public static string Of(string text)
    {
        var language = OfScript(text);
        return language.Length > 0 ? language : OfSigns(text);
    }

    /// <summary>
    /// The language that the script of more than half of a text's letters stands for; empty for Latin and other scripts that stand for
    /// none.
    /// </summary>
    public static string OfScript(string text)
    {
        if (Ascii.IsValid(text))
        {
            return "";
        }

        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var letters = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetter(rune))
            {
                letters++;
                var script = ScriptOf(rune.Value);
                counts[script] = counts.GetValueOrDefault(script) + 1;
            }
        }

        // Japanese is written with both; a letter of one language more tells it within its script.
        var (han, kana) = (counts.GetValueOrDefault("zh"), counts.GetValueOrDefault("ja"));
        if ((han + kana) * 2 > letters)
        {
            return kana > 0 ? "ja" : "zh";
        }

        var most = counts.FirstOrDefault(count => count.Value * 2 > letters).Key ?? "";
        return most switch
        {
            "ru" => text.AsSpan().ContainsAny(Ukrainian) ? "uk" : text.AsSpan().ContainsAny(Serbian) ? "sr" : most,
            "ar" => text.AsSpan().ContainsAny(Urdu) ? "ur" : text.AsSpan().ContainsAny(Persian) ? "fa" : most,
            "hi" => text.Contains('ळ', StringComparison.Ordinal) ? "mr" : most,
            _ => most,
        };
    }

    private static string ScriptOf(int letter) => letter switch
    {
        (>= 0x3040 and <= 0x30FF) or (>= 0x31F0 and <= 0x31FF) or (>= 0xFF66 and <= 0xFF9F) => "ja",
        (>= 0x1100 and <= 0x11FF) or (>= 0x3130 and <= 0x318F) or (>= 0xAC00 and <= 0xD7AF) or (>= 0xFFA0 and <= 0xFFDC) => "ko",
        (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x323AF) => "zh",
        >= 0x0E00 and <= 0x0E7F => "th",
        >= 0x0370 and <= 0x03FF => "el",
        >= 0x0590 and <= 0x05FF => "he",
        >= 0x0400 and <= 0x052F => "ru",
        (>= 0x0600 and <= 0x06FF) or (>= 0x0750 and <= 0x077F) or (>= 0xFB50 and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFF) => "ar",
        >= 0x0900 and <= 0x097F => "hi",
        _ => "",
    };

    private static string OfSigns(string text)
    {
        var lower = text.ToLowerInvariant();
        var signs = WordForms().EnumerateMatches(lower);
        var words = new HashSet<string>(StringComparer.Ordinal);
        foreach (var match in signs)
        {
            words.Add(lower.Substring(match.Index, match.Length));
        }

        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var letters = lower.Where(letter => !char.IsAscii(letter)).Distinct();
        foreach (var language in words.SelectMany(word => Words.GetValueOrDefault(word, []))
            .Concat(letters.SelectMany(letter => Letters.GetValueOrDefault($"{letter}", []))))
        {
            counts[language] = counts.GetValueOrDefault(language) + 1;
        }

        var ranked = counts.OrderByDescending(count => count.Value).ToList();
        return ranked switch
        {
            [var first, var second, ..] when first.Value == second.Value => Unknown,
            [{ Key: English }, ..] or [{ Value: >= 2 }, ..] => ranked[0].Key,
            _ => Unknown,
        };
    }

    private static Dictionary<string, string[]> Signs(Dictionary<string, string> languages)
        => languages.SelectMany(language => language.Value.Split(' ').Distinct().Select(sign => (sign, language.Key)))
            .GroupBy(pair => pair.sign, pair => pair.Key, StringComparer.Ordinal)
            .ToDictionary(sign => sign.Key, sign => sign.ToArray(), StringComparer.Ordinal);

    [GeneratedRegex(@"\p{L}+")]
    private static partial Regex WordForms();
}
