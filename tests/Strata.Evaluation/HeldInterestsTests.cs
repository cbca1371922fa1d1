using Strata.Contracts.Events.V1;

namespace Strata.Evaluation;

/// <summary>What somebody held long ago has places beside what they looked at last.</summary>
[Trait("height", "harness")]
public sealed class HeldInterestsTests(ITestOutputHelper output)
{
    private const int Bought = 10;
    private const int Shoppers = 40;

    [Fact]
    public async Task Slate_TenPurchasesAYearAgoAndOneViewNow_HasBothTopics()
    {
        var topics = LiveShop.AllTopics;
        var (leastHeld, leastViewed) = (10, 10);
        for (var n = 0; n < 10; n++)
        {
            var (held, viewed) = (topics[(3 * n) % topics.Count], topics[((3 * n) + 17) % topics.Count]);
            var shop = await LiveShop.OpenAsync(Shoppers + 1, 2_000, []);
            foreach (var item in shop.ItemsOf(held).Take(Bought))
            {
                shop.Touch(Shoppers, EventKind.Purchase, item);
            }

            Browse(shop, 500);
            shop.Touch(0, EventKind.Click, shop.ItemsOf(topics[0])[0], TimeSpan.FromDays(365));
            Browse(shop, 500);
            shop.Touch(Shoppers, EventKind.View, shop.ItemsOf(viewed)[^1]);

            var slate = shop.SlateNow();
            var (ofHeld, ofViewed) = (slate.Count(item => shop.Topics[item] == held), slate.Count(item => shop.Topics[item] == viewed));
            output.WriteLine($"{held}: {ofHeld}, {viewed}: {ofViewed}");
            (leastHeld, leastViewed) = (Math.Min(leastHeld, ofHeld), Math.Min(leastViewed, ofViewed));
        }

        Assert.InRange(leastHeld, 2, 10);
        Assert.InRange(leastViewed, 2, 10);
    }

    // Others, each in two topics.
    private static void Browse(LiveShop shop, int clicks)
    {
        var random = new Random(clicks);
        for (var n = 0; n < clicks; n++)
        {
            var user = random.Next(Shoppers);
            var items = shop.ItemsOf(LiveShop.AllTopics[((7 * user) + (random.Next(2) * 11)) % LiveShop.AllTopics.Count]);
            shop.Touch(user, EventKind.Click, items[random.Next(items.Length)]);
        }
    }
}
