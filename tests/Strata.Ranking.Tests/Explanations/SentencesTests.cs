using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Strata.Ranking.Explanations;
using Strata.Testing;

namespace Strata.Ranking.Tests.Explanations;

[Trait("height", "unit")]
public sealed partial class SentencesTests
{
    private const string Page = "infra/handbook/reasons.md";
    private const string Begin = "<!-- sentences -->";

    private static readonly string[] Titles = ["Brass reading lamp", "鉄瓶", "מנורת קריאה", "Théière en fonte", "مصباح نحاسي"];
    private static readonly string[] Queries = ["reading lamp", "מנורה", "お茶"];
    private static readonly string[][] Words = [["lamp", "brass", "light"], ["急須", "お茶"], ["מנורה", "lamp"], ["théière"]];

    public static TheoryData<string> Languages => new(Sentences.All.Select(sentences => sentences.Language));

    [Theory]
    [MemberData(nameof(Languages))]
    public void Language_HasEverySentenceWithThePlacesOfTheEnglishOne(string language)
    {
        var (own, english) = (Read(language), Read("en"));

        Assert.Equal(Enum.GetNames<Sentence>(), own.Keys);
        Assert.All(own, sentence => Assert.Equal(PlacesOf(english[sentence.Key]), PlacesOf(sentence.Value)));
        Assert.All(own.Where(_ => language != "en"), sentence
            => Assert.True(sentence.Key is "InLayer" or "Separator" || sentence.Value != english[sentence.Key], sentence.Key));
        Assert.Equal(own.Count, own.Values.Distinct().Count());
    }

    [Theory]
    [InlineData("", "en")]
    [InlineData("de", "de")]
    [InlineData("de-CH, de;q=0.9, en;q=0.8", "de")]
    [InlineData("en;q=0.2, ja-JP;q=0.7, fr;q=0.5", "ja")]
    [InlineData("zh-Hant-TW", "zh")]
    [InlineData("pt, es;q=0.4", "es")]
    [InlineData("fr;q=0, es;q=0.1", "es")]
    [InlineData("den, *", "en")]
    [InlineData("pt", "en")]
    [InlineData("\u0001;;q=", "en")]
    public void AcceptLanguage_IsTheBestLikedOfThoseThereAre(string header, string language)
        => Assert.Equal(language, Sentences.For([header]).Language);

    [Fact]
    public void Title_ThatRunsFromRightToLeft_IsIsolatedWhereALanguageIsAskedFor()
    {
        const string Title = "מנורת קריאה";

        Assert.Equal("Weil Sie „\u2068" + Title + "\u2069“ gekauft haben", Sentences.For(["de"]).Say(Sentence.Bought, Title));
        Assert.Equal("Because you bought «\u2068" + Title + "\u2069»", Sentences.For(["en"]).Say(Sentence.Bought, Title));
        Assert.Equal("Because you bought «" + Title + "»", Sentences.Usual.Say(Sentence.Bought, Title));
        Assert.Equal("「鉄瓶」を購入されたため", Sentences.For(["ja"]).Say(Sentence.Bought, "鉄瓶"));
    }

    [Fact]
    public void Title_WithBraces_IsTakenAsItIs()
        => Assert.Equal("Weil Sie „{0} {x“ gekauft haben", Sentences.For(["de"]).Say(Sentence.Bought, "{0} {x"));

    /// <summary>All kinds in all languages stand in the handbook, to be read: written anew with STRATA_WRITE_REASONS=1.</summary>
    [Fact]
    public void Page_OfTheHandbook_HasThemAll()
    {
        var path = Path.Combine(Repository.Root, Page);
        var written = File.ReadAllText(path);
        var made = Sample();
        if (Environment.GetEnvironmentVariable("STRATA_WRITE_REASONS") == "1")
        {
            File.WriteAllText(path, written = written[..(written.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length)] + made);
        }

        Assert.All(made.Split("\n## ").Skip(1), language => Assert.InRange(language.Split("\n- ").Length - 1, 60, 100));
        Assert.Equal(made, written[(written.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length)..]);
    }

    private static string Sample()
    {
        var text = new StringBuilder();
        foreach (var language in Sentences.All)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n\n## {new CultureInfo(language.Language).NativeName}\n\n");
            text.AppendJoin('\n', Enum.GetValues<Sentence>().SelectMany(sentence => Said(language, sentence)).Select(said => $"- {said}"));
        }

        return text.Append('\n').ToString();
    }

    /// <summary>One sentence of a kind, and two or three where somebody's own words stand in it.</summary>
    private static IEnumerable<string> Said(Sentences language, Sentence sentence)
    {
        var kind = (int)sentence;
        return sentence switch
        {
            Sentence.InLayer or Sentence.Separator => [],
            Sentence.Behind or Sentence.Outplaced => [language.Say(sentence, kind)],
            Sentence.Tired => [language.Say(sentence, kind, 6)],
            Sentence.Ruled => [language.Say(sentence, "autumn")],
            Sentence.PassedOver => [language.Say(sentence, language.Say(Sentence.New), 6)],
            Sentence.Searched or Sentence.Answers => Queries.Take(2).Select((query, number)
                => language.InLayer(language.Say(sentence, query), Words[number + 1])),
            <= Sentence.Bought or Sentence.ReadsLike => Enumerable.Range(kind, 3).Select(number
                => language.InLayer(language.Say(sentence, Titles[number % Titles.Length]), Words[number % Words.Length])),
            _ when PlacesOf(language.Say(sentence)) == "0" => Enumerable.Range(kind, 2).Select(number
                => language.Say(sentence, sentence, Words[number % Words.Length])),
            _ => [language.Say(sentence)],
        };
    }

    private static Dictionary<string, string> Read(string language)
        => JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(
            Path.Combine(Repository.Root, $"services/Strata.Ranking/Explanations/Languages/{language}.json")))!;

    private static string PlacesOf(string sentence)
        => string.Concat(Places().Matches(sentence).Select(match => match.Groups[1].Value).Order());

    [GeneratedRegex(@"\{(\d)\}")]
    private static partial Regex Places();
}
