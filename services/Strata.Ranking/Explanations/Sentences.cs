using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Net.Http.Headers;

namespace Strata.Ranking.Explanations;

/// <summary>
/// The sentences of one language. What stands in them of the catalogue's and the user's own words stays in its own script.
/// </summary>
public sealed class Sentences
{
    private const int LayerWords = 3;
    private const char Isolate = '\u2068';
    private const char EndOfIsolate = '\u2069';

    private readonly CompositeFormat[] _texts;
    private readonly bool _isolates;

    private Sentences(string language, bool isolates)
    {
        Language = language;
        _isolates = isolates;
        using var file = typeof(Sentences).Assembly.GetManifestResourceStream($"Languages.{language}.json")!;
        var texts = JsonSerializer.Deserialize<Dictionary<string, string>>(file)!;
        _texts = [.. Enum.GetNames<Sentence>().Select(name => CompositeFormat.Parse(texts[name]))];
    }

    /// <summary>BCP 47 tag of the language.</summary>
    public string Language { get; }

    /// <summary>English, for whoever asks for no language: nothing is isolated.</summary>
    public static Sentences Usual { get; } = new("en", isolates: false);

    /// <summary>The languages that can be asked for.</summary>
    internal static IReadOnlyList<Sentences> All { get; } =
        [.. new[] { "en", "de", "fr", "es", "zh", "ja" }.Select(language => new Sentences(language, isolates: true))];

    /// <summary>
    /// The one that a caller likes best of those there are, by <c>accept-language</c> (RFC 9110, section 12.5.4); English without.
    /// </summary>
    public static Sentences For(IList<string?> acceptLanguage)
    {
        if (acceptLanguage is not { Count: > 0 } || !StringWithQualityHeaderValue.TryParseList(acceptLanguage!, out var liked))
        {
            return Usual;
        }

        return liked.Where(one => one.Quality is not 0)
            .OrderByDescending(one => one.Quality ?? 1)
            .Select(one => All.FirstOrDefault(known => IsOf(one.Value.AsSpan(), known.Language)))
            .FirstOrDefault(known => known is not null) ?? Usual;
    }

    /// <summary>A sentence without words of others.</summary>
    internal string Say(Sentence sentence) => _texts[(int)sentence].Format;

    /// <summary>A sentence about a title, a query or the words of a layer.</summary>
    internal string Say(Sentence sentence, string own)
        => string.Format(CultureInfo.InvariantCulture, _texts[(int)sentence], Isolated(own));

    /// <summary>A sentence about a number.</summary>
    internal string Say(Sentence sentence, int number) => string.Format(CultureInfo.InvariantCulture, _texts[(int)sentence], number);

    /// <summary>A sentence about two numbers.</summary>
    internal string Say(Sentence sentence, int number, int other)
        => string.Format(CultureInfo.InvariantCulture, _texts[(int)sentence], number, other);

    /// <summary>A sentence with a number behind it.</summary>
    internal string Say(Sentence sentence, string said, int number)
        => string.Format(CultureInfo.InvariantCulture, _texts[(int)sentence], said, number);

    /// <summary>One of two sentences: the second, about a layer, where the layer has words.</summary>
    internal string Say(Sentence without, Sentence about, IReadOnlyList<string> words)
        => words.Count > 0 ? Say(about, Joined(words)) : Say(without);

    /// <summary>A sentence with the item's layer behind it, where that has words.</summary>
    internal string InLayer(string sentence, IReadOnlyList<string> words)
        => words.Count > 0
            ? string.Format(CultureInfo.InvariantCulture, _texts[(int)Sentence.InLayer], sentence, Isolated(Joined(words)))
            : sentence;

    /// <summary>The first words of a layer.</summary>
    private string Joined(IReadOnlyList<string> words) => string.Join(Say(Sentence.Separator), words.Take(LayerWords));

    /// <summary>
    /// A text that runs from right to left is closed in (Unicode UAX 9, section 2.5), so that it does not turn round what stands beside it.
    /// </summary>
    private string Isolated(string own) => _isolates && own.EnumerateRunes().Any(RunsLeft) ? $"{Isolate}{own}{EndOfIsolate}" : own;

    // The blocks whose letters have the bidirectional classes R and AL.
    private static bool RunsLeft(Rune rune) => rune.Value
        is (>= 0x590 and <= 0x8FF) or (>= 0xFB1D and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFF) or (>= 0x10800 and <= 0x10FFF)
        or (>= 0x1E800 and <= 0x1EFFF);

    private static bool IsOf(ReadOnlySpan<char> tag, string language)
        => tag.StartsWith(language, StringComparison.OrdinalIgnoreCase) && (tag.Length == language.Length || tag[language.Length] == '-');
}
