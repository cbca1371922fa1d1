using Strata.Chaos.Comparison;
using Strata.Contracts.Activity.V1;

namespace Strata.Chaos.Tests.Comparison;

[Trait("height", "unit")]
public sealed class ActivityDifferenceTests
{
    [Fact]
    public void Of_LastDigitOfAWeight_IsNone() => Assert.Null(ActivityDifference.Of(Of(("a", 1)), Of(("a", 1.000001f)), 3));

    [Fact]
    public void Of_OtherWeight_IsOne() => Assert.NotNull(ActivityDifference.Of(Of(("a", 1)), Of(("a", 1.1f)), 3));

    [Fact]
    public void Of_OtherNeighbour_IsOneUnlessBothListsAreFull()
    {
        var (found, expected) = (Of(("a", 2), ("b", 1)), Of(("a", 2), ("c", 1)));

        Assert.NotNull(ActivityDifference.Of(found, expected, 3));
        Assert.Null(ActivityDifference.Of(found, expected, 2));
    }

    [Fact]
    public void Of_OtherPopularityOfAFullList_IsOne()
    {
        var found = Of(("a", 1));
        found.Popularity.Add(1);

        Assert.NotNull(ActivityDifference.Of(found, Of(("a", 1)), 1));
    }

    private static ItemActivity Of(params (string Item, float Weight)[] coVisits)
    {
        var item = new ItemActivity();
        item.CoVisits.AddRange(coVisits.Select(n => new ItemActivity.Types.Neighbour { ItemId = n.Item, Weight = n.Weight }));
        return item;
    }
}
