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
    public void ForEncoder_NoBlanks_NeverCutsACharacterInHalf()
    {
        var item = new Item { Title = "a" + string.Concat(Enumerable.Repeat("😀", 400)) };

        Assert.Equal(599, ItemText.ForEncoder(item, 600).Length);
        Assert.Equal(601, ItemText.ForEncoder(item, 601).Length);
    }
}
