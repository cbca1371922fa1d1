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
    [InlineData("\uff33\uff28\uff2f\uff25 \u2460 \ufb01ne", "SHOE 1 fine")]
    [InlineData("re\u200bd\ufeff sho\u00ades\u2060", "red shoes")]
    [InlineData("\u202ered\u202c", "red")]
    [InlineData("a\u200db", "ab")]
    [InlineData("\u200d\ud83d\udc69\u200d\ud83d\udcbb", "\ud83d\udc69\u200d\ud83d\udcbb")]
    [InlineData("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645")]
    [InlineData("e\u200b\u0301", "\u00e9")]
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

            Assert.True(clean.IsNormalized(NormalizationForm.FormKC));
            Assert.DoesNotContain(clean, char.IsControl);
            Assert.Equal(clean.Trim(), clean);
            Assert.Equal(clean, PlainText.Normalise(clean));
        });

    [Theory]
    [InlineData("shoe", true)]
    [InlineData("\ud83d\ude00", true)]
    [InlineData("\u200d\u200d", false)]
    [InlineData("\u0301", false)]
    [InlineData("\u3164\u2800", false)]
    [InlineData("\u3000", false)]
    public void Shows_Text_HasSomethingToBeSeen(string text, bool expected) => Assert.Equal(expected, PlainText.Shows(text));

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
