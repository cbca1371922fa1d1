using Strata.Bench.Load;
using Strata.Contracts.Events.V1;

namespace Strata.Bench.Tests.Load;

[Trait("height", "unit")]
public sealed class BenchShopTests
{
    private static readonly BenchOptions Options = new()
    {
        Mode = BenchModes.Publish,
        Items = 4000,
        Titles = 400,
        Users = 100,
        Searches = .2,
    };

    [Fact]
    public void Items_AreAsManyAsWantedWithFewerTitles()
    {
        var items = new BenchShop(Options).Items.ToList();

        Assert.Equal(4000, items.Select(item => item.ItemId).Distinct().Count());
        Assert.Equal(400, items.Select(item => item.Title).Distinct().Count());
    }

    [Fact]
    public void Event_OfUsers_NamesItemsOfTheCatalogueByPopularityAndSearchesByTheirShare()
    {
        var shop = new BenchShop(Options);
        var known = shop.Items.Select(item => item.ItemId).ToHashSet();
        var random = new Random(1);

        var acts = Enumerable.Range(0, 20_000).Select(i => shop.Event(i % Options.Users, random)).ToList();

        Assert.InRange(acts.Count(act => act.Kind == EventKind.Search), 3_700, 4_300);
        Assert.All(acts.Where(act => act.Kind != EventKind.Search), act => Assert.Contains(act.ItemId, known));
        var counts = acts.Where(act => act.ItemId.Length > 0).GroupBy(act => act.ItemId).Select(item => item.Count()).OrderDescending();
        Assert.True(counts.Take(40).Sum() > .15 * 16_000); // the first of each of 40 shelves: 1 / H(100) = .19
    }

    [Theory]
    [InlineData(0, 6 / 11.0)]
    [InlineData(1, 3 / 11.0)]
    [InlineData(2, 2 / 11.0)]
    public void Draw_OfThreeRanks_ComesByZipfsLaw(int rank, double share)
    {
        var law = new ZipfLaw(3, 1);
        var random = new Random(2);

        var drawn = Enumerable.Range(0, 60_000).Count(_ => law.Draw(random) == rank) / 60_000.0;

        Assert.Equal(share, drawn, .01);
    }
}
