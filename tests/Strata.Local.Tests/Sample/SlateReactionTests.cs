using Strata.Local.Sample;

namespace Strata.Local.Tests.Sample;

[Trait("height", "unit")]
public sealed class SlateReactionTests
{
    private static readonly SampleCatalogue Shop = SampleCatalogue.Load();
    private static readonly SimulationOptions Options = new() { Shoppers = 2_000 };
    private static readonly ShopperSimulator Simulator = new(Shop, Options);
    private static readonly DateTimeOffset Shown = Options.Start.AddDays(5);

    [Fact]
    public void React_SameRequest_GivesTheSameReactionWhateverWasAskedBefore()
    {
        var slate = Shop.Items.Take(20).Select(item => item.ItemId).ToList();
        var first = Simulator.React("shopper-0007", "request-1", slate, Shown);

        var other = Simulator.React("shopper-0007", "request-2", slate, Shown);
        var again = new ShopperSimulator(Shop, Options).React("shopper-0007", "request-1", slate, Shown);

        Assert.Equal(first, again);
        Assert.Equal(first, Simulator.React("shopper-0007", "request-1", slate, Shown));
        Assert.NotEqual(first.Select(done => done.Position), other.Select(done => done.Position));
    }

    [Fact]
    public void React_SameSlateToManyShoppers_ClicksFallWithPosition()
    {
        // Each shopper sees their own best item ten times over, so that only the position tells them apart.
        var clicks = new int[10];
        var looks = new int[10];
        foreach (var userId in Simulator.UserIds)
        {
            var slate = Enumerable.Repeat(Best(userId), 10).ToList();
            foreach (var done in Simulator.React(userId, "request-1", slate, Shown))
            {
                clicks[done.Position] += done.Action == ShopperAction.Click ? 1 : 0;
                looks[done.Position] += done.Action is ShopperAction.Click or ShopperAction.View ? 1 : 0;
            }
        }

        Assert.Equal(Options.Shoppers, looks[0]);
        Assert.All(Enumerable.Range(0, 10), position =>
            Assert.InRange(
                (double)looks[position] / looks[0],
                ShopperSimulator.Examination(position) - 0.05,
                ShopperSimulator.Examination(position) + 0.05));
        Assert.InRange((double)clicks[1] / clicks[0], 0.53, 0.73);
        Assert.InRange((double)clicks[9] / clicks[0], 0.2, 0.38);
    }

    [Fact]
    public void React_ItemsOfInterestAndOthers_AreOpenedByTheirAffinity()
    {
        var expected = 0.0;
        var opened = 0;
        var strayed = 0;
        foreach (var userId in Simulator.UserIds)
        {
            var interests = Simulator.TrueInterests(userId, Shown);
            var own = Shop.Items.First(item => interests.ContainsKey(item.Topic)).ItemId;
            var foreign = Shop.Items.First(item => !interests.ContainsKey(item.Topic)).ItemId;
            expected += Simulator.Affinity(userId, own, Shown);
            opened += Clicks(userId, own);
            strayed += Clicks(userId, foreign);
        }

        Assert.InRange(opened, expected * 0.9, expected * 1.1);
        Assert.InRange(strayed, 5, 50);
    }

    [Fact]
    public void React_EachEvent_CarriesTheRequestAndTheItemOfItsPosition()
    {
        var slate = Shop.Items.Where((_, index) => index % 40 == 3).Select(item => item.ItemId).Append("not-of-this-shop").ToList();

        foreach (var userId in Simulator.UserIds.Take(200))
        {
            var events = Simulator.React(userId, "request-9", slate, Shown);

            Assert.All(events, done =>
            {
                Assert.Equal((userId, "request-9", null), (done.UserId, done.RequestId, done.Query));
                Assert.Equal(slate[done.Position], done.ItemId);
                Assert.True(done.Time >= Shown);
            });
            Assert.Equal(events.OrderBy(done => done.Time).ThenBy(done => done.Position), events);
        }
    }

    [Fact]
    public void React_ManySlates_BringLikesCartsPurchasesAndDismissals()
    {
        var actions = Simulator.UserIds
            .SelectMany(userId => Simulator.React(userId, "request-1", [Best(userId), "not-of-this-shop"], Shown))
            .Select(done => done.Action)
            .ToHashSet();

        Assert.Equal(Enum.GetValues<ShopperAction>().Where(action => action != ShopperAction.Search), actions.Order());
    }

    [Fact]
    public void React_EmptySlate_GivesNothing()
    {
        Assert.Empty(Simulator.React("shopper-0001", "request-1", [], Shown));
    }

    private static int Clicks(string userId, string itemId) =>
        Simulator.React(userId, itemId, [itemId], Shown).Count(done => done.Action == ShopperAction.Click);

    private static string Best(string userId)
    {
        var interests = Simulator.TrueInterests(userId, Shown);
        var topic = interests.MaxBy(interest => interest.Value).Key;
        return Shop.Items.Where(item => item.Topic == topic).MaxBy(item => Simulator.Affinity(userId, item.ItemId, Shown))!.ItemId;
    }
}
