using Strata.Local.Sample;

namespace Strata.Local.Tests.Sample;

[Trait("height", "unit")]
public sealed class OrganicStreamTests
{
    private static readonly SampleCatalogue Shop = SampleCatalogue.Load();
    private static readonly SimulationOptions Options = new();
    private static readonly ShopperSimulator Simulator = new(Shop, Options);
    private static readonly List<SimulatedEvent> Events = [.. Simulator.Organic()];

    [Fact]
    public void Organic_SameSeed_GivesTheSameStream()
    {
        var another = new ShopperSimulator(SampleCatalogue.Load(), new SimulationOptions());

        Assert.Equal(Events, another.Organic());
        Assert.Equal(Events, Simulator.Organic());
    }

    [Fact]
    public void Organic_OtherSeed_GivesAnotherStream()
    {
        var another = new ShopperSimulator(Shop, Options with { Seed = 2 });

        Assert.NotEqual(Events.Take(50), another.Organic().Take(50));
    }

    [Fact]
    public void Organic_Defaults_GiveAFewWeeksOfThreeSessionsAShopper()
    {
        var sessions = Events.GroupBy(done => done.UserId).Sum(Sessions);
        var shoppers = Events.Select(done => done.UserId).Distinct().Count();
        var lasted = Events[^1].Time - Events[0].Time;

        Assert.Equal(14_000, Events.Count);
        Assert.InRange(shoppers, 380, 400);
        Assert.InRange((double)sessions / shoppers, 2.5, 3.5);
        Assert.InRange(lasted.TotalDays, 21, 35);
    }

    [Fact]
    public void Organic_NoLimit_GoesOnBeyondTheDefault()
    {
        var endless = new ShopperSimulator(Shop, Options with { Events = null });

        var longer = endless.Organic().Take(20_000).ToList();

        Assert.Equal(20_000, longer.Count);
        Assert.Equal(Events, longer.Take(Events.Count));
    }

    [Fact]
    public void Organic_Times_NeverGoBackAndBeginAtTheStart()
    {
        Assert.True(Events[0].Time >= Options.Start);
        Assert.All(Events.Zip(Events.Skip(1)), pair => Assert.True(pair.First.Time <= pair.Second.Time));
    }

    [Fact]
    public void Organic_EachEvent_HasAQueryOrAnItemOfTheShopAndNoSlate()
    {
        var queries = Shop.Queries.Select(query => query.Query).ToHashSet();

        Assert.All(Events, done =>
        {
            if (done.Action == ShopperAction.Search)
            {
                Assert.Null(done.ItemId);
                Assert.Contains(done.Query!, queries);
            }
            else
            {
                Assert.Null(done.Query);
                Assert.NotNull(Shop.Find(done.ItemId!));
            }

            Assert.Null(done.RequestId);
            Assert.Equal(-1, done.Position);
        });
    }

    [Fact]
    public void Organic_Actions_AllOccurAndClicksAreFarMoreThanPurchases()
    {
        var counts = Events.CountBy(done => done.Action).ToDictionary();

        Assert.Equal(Enum.GetValues<ShopperAction>().Order(), counts.Keys.Order());
        Assert.True(counts[ShopperAction.Click] > 10 * counts[ShopperAction.Purchase]);
        Assert.True(counts[ShopperAction.Cart] > counts[ShopperAction.Purchase]);
    }

    [Fact]
    public void Organic_Items_AreMostlyOfTheShoppersTrueInterests()
    {
        var met = Events.Where(done => done.ItemId is not null).ToList();

        var own = met.Count(done => Simulator.TrueInterests(done.UserId, done.Time).ContainsKey(Shop.Find(done.ItemId!)!.Topic));

        Assert.InRange((double)own / met.Count, 0.8, 0.97);
    }

    [Fact]
    public void Organic_ItemAfterASearch_IsMostlyOfTheShelfSearchedFor()
    {
        var shelves = Shop.Queries.ToLookup(query => query.Query, query => (query.Topic, query.Shelf));
        var pairs = Events.GroupBy(done => done.UserId)
            .SelectMany(own => own.Zip(own.Skip(1)))
            .Where(pair => pair.First.Query is not null && pair.Second.ItemId is not null)
            .ToList();

        var found = pairs.Count(pair => shelves[pair.First.Query!].Contains(ShelfOf(pair.Second.ItemId!)));

        Assert.True(found > 0.75 * pairs.Count, $"{found} of {pairs.Count}");
    }

    [Fact]
    public void Organic_StepsWithinATopic_FollowTheRouteTwiceAsOftenAsWithoutRoutes()
    {
        var with = OnRoute(Options);
        var without = OnRoute(Options with { Route = 0 });

        Assert.InRange(with, 0.3, 0.6);
        Assert.True(with > 2 * without, $"{with:f3} against {without:f3}");
    }

    [Fact]
    public void TrueInterests_AnyTime_AreOneToFourWeightsThatSumToOne()
    {
        var counts = new HashSet<int>();
        foreach (var userId in Simulator.UserIds)
        {
            var interests = Simulator.TrueInterests(userId, Options.Start.AddDays(10));

            Assert.Equal(1, interests.Values.Sum(), 9);
            Assert.All(interests.Keys, topic => Assert.Contains(topic, Shop.Topics));
            counts.Add(interests.Count);
        }

        Assert.Equal([1, 2, 3, 4], counts.Order());
    }

    [Fact]
    public void TrueInterests_OverFourWeeks_DriftForMostAndKeepTheirNumber()
    {
        var later = Simulator.UserIds.Select(userId => (
            Before: Simulator.TrueInterests(userId, Options.Start),
            Soon: Simulator.TrueInterests(userId, Options.Start.AddDays(1)),
            After: Simulator.TrueInterests(userId, Options.Start.AddDays(28)))).ToList();

        Assert.InRange(
            later.Count(shopper => !shopper.Before.Keys.ToHashSet().SetEquals(shopper.After.Keys)),
            0.7 * later.Count,
            0.95 * later.Count);
        Assert.True(later.Count(shopper => shopper.Before.Keys.ToHashSet().SetEquals(shopper.Soon.Keys)) > 0.85 * later.Count);
        Assert.All(later, shopper => Assert.Equal(shopper.Before.Count, shopper.After.Count));
    }

    [Fact]
    public void TrueInterests_UnknownShopper_NamesHim()
    {
        var fault = Assert.Throws<ArgumentException>(() => Simulator.TrueInterests("nobody", Options.Start));

        Assert.Contains("nobody", fault.Message, StringComparison.Ordinal);
    }

    private static int Sessions(IEnumerable<SimulatedEvent> own)
    {
        var times = own.Select(done => done.Time).ToList();
        return 1 + times.Zip(times.Skip(1)).Count(pair => pair.Second - pair.First > TimeSpan.FromHours(1));
    }

    private static double OnRoute(SimulationOptions options)
    {
        var world = new ShopWorld(Shop, options);
        var steps = new ShopperSimulator(Shop, options).Organic()
            .Where(done => done.ItemId is not null)
            .GroupBy(done => done.UserId, done => world.IndexOf(done.ItemId!)!.Value)
            .SelectMany(own => own.Distinct().ToList() is var items ? items.Zip(items.Skip(1)) : [])
            .Where(step => world.TopicOf(step.First) == world.TopicOf(step.Second))
            .ToList();

        return steps.Average(step => world.RouteFrom(step.First).Contains(step.Second) ? 1.0 : 0.0);
    }

    private static (string Topic, string Shelf) ShelfOf(string itemId)
        => Shop.Find(itemId) is { } item ? (item.Topic, item.Shelf) : default;
}
