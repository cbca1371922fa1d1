using Strata.Ranking.Suggestions.Core;

namespace Strata.Ranking.Tests.Suggestions;

[Trait("height", "unit")]
public sealed class SuggestionWordsTests
{
    [Theory]
    [InlineData("Red SHOES", "red shoes")]
    [InlineData("  Crème brûlée, 2-pack!", "creme brulee 2 pack")]
    [InlineData("Größe ŁÓDŹ Smørrebrød", "grosse lodz smorrebrod")]
    [InlineData("men's men’s", "mens mens")]
    [InlineData("İstanbul ışık", "istanbul isik")]
    [InlineData("東京タワー x", "東 京 タ ワ ー x")]
    [InlineData("ﬁne ２", "fine 2")]
    [InlineData("?! …", "")]
    public void Of_Text_IsWithoutCaseAndMarks(string text, string words)
        => Assert.Equal(words, string.Join(' ', SuggestionWords.Of(text)));

    [Fact]
    public void Of_ALoneSurrogateANoncharacterAndALongText_EndWithoutAFault()
    {
        Assert.Equal(["a", "b"], SuggestionWords.Of("a \ud800 b"));
        Assert.Equal(["grosse", "bee"], SuggestionWords.Of("größe\ufffebee"));
        Assert.Equal(32, SuggestionWords.Of(string.Join(' ', Enumerable.Range(0, 100))).Count);
    }
}
