using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Ranking.Serving.Streams;

namespace Strata.Ranking.Tests.Serving.Streams;

[Trait("height", "unit")]
public sealed class SlateChangeTests
{
    [Fact]
    public void Between_NothingBefore_EverythingEntered()
    {
        var change = SlateChange.Between(null, Slate("a", "b"))!;

        Assert.Equal(["a", "b"], change.Entered);
        Assert.Empty(change.Left);
        Assert.NotNull(SlateChange.Between(null, new RecommendResponse()));
    }

    [Fact]
    public void Between_AnotherSlate_NamesWhatEnteredLeftAndMoved()
    {
        var change = SlateChange.Between(Slate("a", "b", "c", "d"), Slate("b", "a", "x", "d"))!;

        Assert.Equal(["x"], change.Entered);
        Assert.Equal(["c"], change.Left);
        Assert.Equal([("b", 1u, 0u), ("a", 0u, 1u)], change.Moved.Select(moved => (moved.ItemId, moved.From, moved.To)));
        Assert.Empty(change.Updated);
        Assert.Equal(["b", "a", "x", "d"], change.Slate.Items.Select(item => item.ItemId));
    }

    [Fact]
    public void Between_TheCatalogueSaysSomethingElse_NamesTheItem()
    {
        var now = Slate("a", "b");
        now.Items[1].Price = new Price { Amount = 5, Currency = "EUR" };

        Assert.Equal(["b"], SlateChange.Between(Slate("a", "b"), now)!.Updated);
    }

    [Fact]
    public void Between_ScoresAndReasonsAlone_AreNoChange()
    {
        var now = Slate("a", "b");
        (now.RequestId, now.Items[0].Score, now.Items[1].Reason) = ("other", 7, new Reason { Text = "new" });

        Assert.Null(SlateChange.Between(Slate("a", "b"), now));
        Assert.NotNull(SlateChange.Between(Slate("a", "b"), Slate("a")));
    }

    private static RecommendResponse Slate(params string[] items)
    {
        var slate = new RecommendResponse();
        slate.Items.AddRange(items.Select((item, position) => new RankedItem { ItemId = item, Position = (uint)position }));
        return slate;
    }
}
