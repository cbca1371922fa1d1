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

    [Theory]
    [InlineData("iPhone 15", false)]
    [InlineData("手机壳 iP", true)]
    [InlineData("123 !?", false)]
    [InlineData("Привет", false)]
    public void IsMostlyCjk_CountsLettersOnly(string text, bool expected) => Assert.Equal(expected, Script.IsMostlyCjk(text));
}
