using System.Text;
using CsCheck;
using Strata.Edge.Requests;
using Strata.Ingestion.Texts;

namespace Strata.Ingestion.Tests.Texts;

[Trait("height", "unit")]
public sealed class PlainTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("  around  ", "around")]
    [InlineData("line\r\nbreak\tand tab", "line  break and tab")]
    [InlineData("bell\u0007rung", "bellrung")]
    [InlineData("e\u0301", "\u00e9")]
    [InlineData("\u212b", "\u00c5")]
    [InlineData("whole \ud83d\ude00 pair", "whole \ud83d\ude00 pair")]
    [InlineData("\u0085", "")]
    public void Normalise_Text_IsClean(string text, string expected) => Assert.Equal(expected, PlainText.Normalise(text));

    /// <summary>Attributes are stored as UTF-8, which has no half pairs: they are written here.</summary>
    [Fact]
    public void Normalise_HalfPair_IsReplaced() => Assert.Equal("half \ufffd pair", PlainText.Normalise("half \ud800 pair"));

    [Fact]
    public void IsClean_HalfPairs_AreRefused()
    {
        Assert.False(IdRules.IsClean("\ud800"));
        Assert.False(IdRules.IsClean("a\udc00\ud800b"));
    }

    [Fact]
    public void Normalise_AnyText_IsNormalTrimmedAndStable()
        => Gen.String[Gen.Char, 0, 60].Sample(text =>
        {
            var clean = PlainText.Normalise(text);

            Assert.True(clean.IsNormalized(NormalizationForm.FormC));
            Assert.DoesNotContain(clean, char.IsControl);
            Assert.Equal(clean.Trim(), clean);
            Assert.Equal(clean, PlainText.Normalise(clean));
        });

    [Theory]
    [InlineData("abc", 3, false)]
    [InlineData("abcd", 3, true)]
    [InlineData("\ud83d\ude00\ud83d\ude00\ud83d\ude00", 3, false)]
    public void IsLonger_CountsCharactersNotCodeUnits(string text, int limit, bool expected)
        => Assert.Equal(expected, IdRules.IsLonger(text, limit));

    [Theory]
    [InlineData("id-1", true)]
    [InlineData("größe \ud83d\ude00", true)]
    [InlineData("a\nb", false)]
    [InlineData("a\u0085b", false)]
    public void IsClean_Id_HasNoControlsAndNoHalfPairs(string id, bool expected) => Assert.Equal(expected, IdRules.IsClean(id));
}
