using Microsoft.Extensions.Options;
using Strata.Featurizer.Tokens.Core;

namespace Strata.Featurizer.Tests.Tokens;

[Trait("height", "unit")]
public sealed class TermExtractorTests : IDisposable
{
    private readonly TermExtractor _terms = new(Options.Create(new TokensOptions()));

    public void Dispose() => _terms.Dispose();

    [Theory]
    [InlineData("The waterproof boots of the women's team", "waterproof boot women team")]
    [InlineData("BATTERIES for Quantum Computers, 12\"", "battery quantum computer 12")]
    [InlineData("", "")]
    [InlineData("the of and", "")]
    public void Extract_English_StemsWithoutStopWords(string text, string expected)
    {
        var terms = _terms.Extract(text);

        Assert.Equal(expected, string.Join(' ', terms));
    }

    [Theory]
    [InlineData("机器学习", "机器 器学 学习")]
    [InlineData("한국어", "한국 국어")]
    [InlineData("日本語のＵＳＢケーブル", "日本 本語 語の usb ケー ーブ ブル")]
    public void Extract_MostlyCjk_PairsOfCharacters(string text, string expected)
    {
        var terms = _terms.Extract(text);

        Assert.Equal(expected, string.Join(' ', terms));
    }

    // Cut, stemmed and rid of stop words by hand, after each stemmer's published rules.
    [Theory]
    [InlineData("de", "Die wasserdichten Wanderschuhe für das Kind und die Häuser", "wasserdicht wanderschuh kind haus")]
    [InlineData("fr", "Les bottes de l'enfant et une machine à café", "bote enfant machin café")]
    [InlineData("es", "Las botas impermeables de los niños", "bot impermeabl niñ")]
    [InlineData("it", "Gli scarponi dell'escursionista e le macchine", "scarpon escursionist macchin")]
    [InlineData("pt", "As botas impermeáveis das crianças e os viajantes", "bota impermeavel crianc viajant")]
    [InlineData("nl", "De waterdichte schoenen van het kind en de fietsen", "waterdicht schoen kind fiets")]
    [InlineData("ru", "Непромокаемые ботинки для детей и книги", "непромока ботинк дет книг")]
    [InlineData("ar", "الكتب الجديدة في المكتبة", "كتب جديد مكتب")]
    [InlineData("hi", "लड़कों के लिए किताबें", "लडक किताब")]
    [InlineData("th", "รองเท้าเดินป่าสำหรับเด็ก", "รองเท้า เดิน ป่า สำหรับ เด็ก")]
    [InlineData("sv", "Vattentäta skor för barn", "vattentäta skor för barn")]
    public void Extract_LanguageTold_CutsByItsAnalyzer(string language, string text, string expected)
    {
        var terms = _terms.Extract(text, language);

        Assert.Equal(expected, string.Join(' ', terms));
    }

    [Theory]
    [InlineData("en", "Книги", "книг")]
    [InlineData("ja", "red shoes", "red shoes")]
    [InlineData("uk", "Книги", "книги")]
    [InlineData("und", "red shoes", "red shoe")]
    [InlineData("pt-BR", "as botas", "bota")]
    [InlineData("", "Wanderschuhe für die Berge", "wanderschuh berg")]
    [InlineData("", "Книги о машинах", "книг машин")]
    public void Extract_ScriptAndTag_ScriptGoesFirstAndWhatIsNotToldIsFound(string language, string text, string expected)
    {
        var terms = _terms.Extract(text, language);

        Assert.Equal(expected, string.Join(' ', terms));
    }

    [Fact]
    public void Extract_CatalogueInGerman_CutsWhatDoesNotTellAsGerman()
    {
        using var german = new TermExtractor(Options.Create(new TokensOptions { Language = "de" }));

        Assert.Equal(["wanderschuh"], german.Extract("Wanderschuhe"));
        Assert.Equal(["wanderschuhe"], _terms.Extract("Wanderschuhe"));
    }

    [Fact]
    public void Extract_TermLongerThanTheBound_IsDropped()
    {
        var terms = _terms.Extract("short " + new string('x', 41) + " " + new string('y', 40));

        Assert.Equal(["short", new string('y', 40)], terms);
    }

    [Fact]
    public void Extract_FromManyThreads_GivesEachItsOwnTerms()
    {
        string[] texts = ["red running shoes", "机器学习推荐系统", "quantum computing with trapped ions", "waterproof hiking boots"];
        var alone = texts.Select(text => string.Join(' ', _terms.Extract(text))).ToArray();
        var wrong = 0;

        Parallel.For(0, 4000, i =>
        {
            if (string.Join(' ', _terms.Extract(texts[i % 4])) != alone[i % 4])
            {
                Interlocked.Increment(ref wrong);
            }
        });

        Assert.Equal(0, wrong);
    }
}
