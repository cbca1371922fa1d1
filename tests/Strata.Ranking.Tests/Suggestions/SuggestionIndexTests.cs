using Strata.Ranking.Suggestions.Core;

namespace Strata.Ranking.Tests.Suggestions;

[Trait("height", "unit")]
public sealed class SuggestionIndexTests
{
    private static readonly SuggestionIndex Index = SuggestionIndex.Build(
    [
        new("Red Shoes of leather", 0, .9), new("red shoes", -1, .5), new("Shoe rack, red", 1, .7), new("Rédland map", 2, .8),
        new("RED SHOES", 3, .4), new("redwood", -1, 1),
    ]);

    [Theory]
    [InlineData("red sho", "Red Shoes of leather|Shoe rack, red|red shoes")]
    [InlineData("sho RÉD", "Red Shoes of leather|Shoe rack, red|red shoes")]
    [InlineData("redl", "Rédland map")]
    [InlineData("r", "redwood|Red Shoes of leather|Rédland map|Shoe rack, red|red shoes")]
    [InlineData("hoes", "")]
    [InlineData("zebra", "")]
    [InlineData("red zebra", "")]
    [InlineData("…", "")]
    public void Find_Typed_AreTheTextsWithWordsThatBeginSoBestFirst(string typed, string texts)
        => Assert.Equal(texts, string.Join('|', Index.Find(typed, 10, _ => true).Select(text => text.Text)));

    [Fact]
    public void Find_CountAndWhatIsNotAllowed_LetTheNextCome()
        => Assert.Equal(["Red Shoes of leather", "Rédland map"], Index.Find("re", 2, text => text.Item >= 0).Select(text => text.Text));

    [Fact]
    public void Find_RandomTexts_AreThoseOfAScan()
    {
        var random = new Random(5);
        var texts = Enumerable.Range(0, 3_000)
            .Select(item => new SuggestedText(string.Join(' ', Enumerable.Range(0, 3).Select(_ => Word())), item, random.NextDouble()))
            .ToList();
        var index = SuggestionIndex.Build(texts);
        for (var tries = 0; tries < 300; tries++)
        {
            string[] typed = [.. Enumerable.Range(0, 1 + random.Next(2)).Select(_ => Word()[..(1 + random.Next(2))])];
            var scanned = index.Texts.Where(text => typed.All(beginning
                => text.Text.Split(' ').Any(word => word.StartsWith(beginning, StringComparison.Ordinal)))).Take(10);

            Assert.Equal(scanned, index.Find(string.Join(' ', typed), 10, _ => true));
        }

        Assert.True(index.Texts.Zip(index.Texts.Skip(1)).All(pair => pair.First.Score >= pair.Second.Score));

        string Word() => string.Concat(Enumerable.Range(0, 3).Select(_ => (char)('a' + random.Next(6))));
    }
}
