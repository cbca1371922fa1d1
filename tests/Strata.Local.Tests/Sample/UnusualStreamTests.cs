using Strata.Local.Sample;

namespace Strata.Local.Tests.Sample;

/// <summary>Streams that are not as the shoppers would have them.</summary>
[Trait("height", "unit")]
public sealed class UnusualStreamTests
{
    private static readonly SampleCatalogue Shop = SampleCatalogue.Load();
    private static readonly ShopperSimulator Simulator = new(Shop, new SimulationOptions { Events = null });

    [Theory]
    [InlineData(0)]
    [InlineData(.05)]
    [InlineData(.3)]
    [InlineData(.9)]
    public void Searches_OfAShare_MakeThatShareAtEveryLength(double share)
    {
        foreach (var length in (int[])[100, 5_000])
        {
            var events = SearchShare.Of(Simulator.Organic(), Shop, share, seed: 1).Take(length).ToList();

            Assert.Equal(share, (double)events.Count(act => act.Action == ShopperAction.Search) / length, 1.0 / length);
        }
    }

    [Fact]
    public void Searches_OfAShare_AreOfTheShelfThatTheShopperComesToAndLeaveTheRestAsItWas()
    {
        var events = SearchShare.Of(Simulator.Organic(), Shop, .3, seed: 1).Take(5_000).ToList();

        foreach (var (search, next) in events.Zip(events.Skip(1)).Where(pair => pair.First.Action == ShopperAction.Search))
        {
            Assert.Equal((search.UserId, search.Time), (next.UserId, next.Time));
            if (next.ItemId is { } id && Shop.Find(id) is { } item)
            {
                Assert.Contains(new SampleQuery(item.Topic, item.Shelf, search.Query!), Shop.Queries);
            }
        }

        var others = events.Where(act => act.Action != ShopperAction.Search).ToList();
        Assert.Equal(Simulator.Organic().Where(act => act.Action != ShopperAction.Search).Take(others.Count), others);
    }

    [Fact]
    public void Searches_SameSeed_SameEvents()
    {
        var events = SearchShare.Of(Simulator.Organic(), Shop, .5, seed: 1).Take(2_000).ToList();

        Assert.Equal(events, SearchShare.Of(Simulator.Organic(), Shop, .5, seed: 1).Take(2_000));
        Assert.NotEqual(events, SearchShare.Of(Simulator.Organic(), Shop, .5, seed: 2).Take(2_000));
    }

    [Fact]
    public void HostileUser_Clicks_TwentyItemsInTurnWithinSeconds()
    {
        var start = new SimulationOptions().Start;

        var clicks = HostileUser.Clicks(Shop, 20_000, start, seed: 1).ToList();

        Assert.Equal(20_000, clicks.Count);
        Assert.Single(clicks.Select(click => click.UserId).Distinct());
        Assert.Equal(Enumerable.Repeat(1_000, 20), clicks.CountBy(click => click.ItemId!).Select(item => item.Value));
        Assert.All(clicks, click => Assert.NotNull(Shop.Find(click.ItemId!)));
        Assert.InRange(clicks[^1].Time - start, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        Assert.Equal(clicks, HostileUser.Clicks(Shop, 20_000, start, seed: 1));
    }

    [Fact]
    public void Only_SomeTopics_TheirItemsAndQueriesAndNoOthers()
    {
        var part = Shop.Only(topic => topic.StartsWith('b'));

        Assert.All(part.Topics, topic => Assert.StartsWith("b", topic, StringComparison.Ordinal));
        Assert.Equal(Shop.Items.Where(item => item.Topic.StartsWith('b')), part.Items);
        Assert.Equal(part.Topics, part.Queries.Select(query => query.Topic).Distinct());
        Assert.Null(part.Find(Shop.Items.First(item => !item.Topic.StartsWith('b')).ItemId));
    }
}
