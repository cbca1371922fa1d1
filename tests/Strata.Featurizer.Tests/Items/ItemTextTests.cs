using Strata.Contracts.Catalog.V1;
using Strata.Featurizer.Items.Core;

namespace Strata.Featurizer.Tests.Items;

[Trait("height", "unit")]
public sealed class ItemTextTests
{
    [Theory]
    [InlineData("Red shoes", "running,sale", "For the road.", "Red shoes. running, sale. For the road.")]
    [InlineData("Red shoes", "", "", "Red shoes")]
    [InlineData("What is a qubit?", "", "I know bits.", "What is a qubit? I know bits.")]
    [InlineData(" Red ", "sale", "", "Red. sale")]
    public void ForTerms_AbsentParts_LeaveNoTrace(string title, string tags, string description, string expected)
    {
        var item = new Item { Title = title, Description = description, Tags = { tags.Split(',', StringSplitOptions.RemoveEmptyEntries) } };

        Assert.Equal(expected, ItemText.ForTerms(item));
    }

    [Fact]
    public void ForEncoder_LongText_IsCutBetweenWords()
    {
        var item = new Item { Title = "Title", Description = string.Join(' ', Enumerable.Repeat("words", 500)) };

        var text = ItemText.ForEncoder(item, 600);

        Assert.InRange(text.Length, 590, 600);
        Assert.EndsWith("words", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Chunks_LongText_OverlapByAFifthAndLeaveNoWordOut()
    {
        var words = Enumerable.Range(0, 400).Select(word => $"word{word}").ToArray();
        var item = new Item { Title = "Title", Description = string.Join(' ', words) };

        var chunks = ItemText.Chunks(item, 600, 32);

        Assert.Equal(ItemText.ForEncoder(item, 600), chunks[0]);
        Assert.All(chunks, chunk => Assert.StartsWith("Title. ", chunk, StringComparison.Ordinal));
        Assert.All(chunks, chunk => Assert.InRange(chunk.Length, 1, 600));
        var places = chunks.Select(chunk => chunk["Title. ".Length..].Split(' ')).ToArray();
        Assert.Equal(words, places.SelectMany(place => place).Distinct());
        Assert.All(places.Skip(1).Zip(places), pair => Assert.InRange(pair.Second.Intersect(pair.First).Count(), 10, 20));
        Assert.Equal(chunks.Take(3), ItemText.Chunks(item, 600, 3));
    }

    [Fact]
    public void ForEncoder_NoBlanks_NeverCutsACharacterInHalf()
    {
        var item = new Item { Title = "a" + string.Concat(Enumerable.Repeat("😀", 400)) };

        Assert.Equal(599, ItemText.ForEncoder(item, 600).Length);
        Assert.Equal(601, ItemText.ForEncoder(item, 601).Length);
    }
}
