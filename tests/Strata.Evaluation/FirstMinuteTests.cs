using Strata.Contracts.Events.V1;

namespace Strata.Evaluation;

/// <summary>What somebody sees who is new, in a shop whatever its age: slates that follow what they just said.</summary>
[Trait("height", "harness")]
public sealed class FirstMinuteTests(ITestOutputHelper output)
{
    private const int Queries = 40;
    private const int SlateLength = 10;

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(1_000)]
    [InlineData(10_000)]
    public async Task Search_AfterClicksWithoutAnySearch_BringsItsTopic(int clicks)
    {
        var queries = LiveShop.PlainQueries(Queries);
        var shop = await LiveShop.OpenAsync(400 + Queries, clicks + Queries, queries.Select(query => query.Query));
        Click(shop, clicks, users: Math.Max(4, clicks / 25), EventKind.Click);

        Assert.InRange(ShareInTopic(shop, queries, firstUser: 400), 0.9, 1);
    }

    [Fact]
    public async Task Search_AfterPurchasesImported_BringsItsTopic()
    {
        var queries = LiveShop.PlainQueries(Queries);
        var shop = await LiveShop.OpenAsync(400 + Queries, 3_000 + Queries, queries.Select(query => query.Query));
        Click(shop, 3_000, users: 300, EventKind.Purchase);

        Assert.InRange(ShareInTopic(shop, queries, firstUser: 400), 0.9, 1);
    }

    [Fact]
    public async Task Search_AfterFiftyThousandEventsOfTheSample_BringsItsTopic()
    {
        const int Events = 50_000;
        var queries = LiveShop.PlainQueries(Queries);
        var typed = LiveShop.PlainQueries(int.MaxValue).Select(query => query.Query);
        var shop = await LiveShop.OpenAsync(400 + Queries, Events + Queries, typed);
        shop.Replay(Events);

        Assert.InRange(ShareInTopic(shop, queries, firstUser: 400), 0.9, 1);
    }

    [Fact]
    public async Task Search_AnyQueryOfTheSample_BringsItsTopic()
    {
        var queries = LiveShop.PlainQueries(int.MaxValue);
        var shop = await LiveShop.OpenAsync(400 + queries.Count, 2_000 + queries.Count, queries.Select(query => query.Query));
        shop.Replay(2_000);

        Assert.InRange(ShareInTopic(shop, queries, firstUser: 400), 0.8, 1);
    }

    [Fact]
    public async Task Search_AfterTwoUsersClickedRunningItems_BringsEspresso()
    {
        var shop = await LiveShop.OpenAsync(3, 41, ["espresso machine"]);
        for (var n = 0; n < 20; n++)
        {
            shop.Touch(n % 2, EventKind.Click, shop.ItemsOf("trail-running")[n]);
        }

        var slate = shop.Search(2, "espresso machine");

        Assert.InRange(slate.Count(item => shop.Topics[item] == "espresso-coffee"), 8, 10);
    }

    [Theory]
    [InlineData("?")]
    [InlineData("...")]
    [InlineData("the")]
    [InlineData("asdf qwer")]
    public async Task Search_NothingSaidOrNothingNear_LeavesTheSlateToWhatIsKnown(string query)
    {
        var shop = await LiveShop.OpenAsync(1, 21, [query]);
        foreach (var item in shop.ItemsOf("trail-running").Take(20))
        {
            shop.Touch(0, EventKind.Click, item);
        }

        var before = shop.SlateNow();
        var after = shop.Search(0, query);

        Assert.Equal(before, after);
        Assert.InRange(after.Count(item => shop.Topics[item] == "trail-running"), 8, 10);
    }

    [Theory]
    [InlineData(5, 12, 5)]
    [InlineData(4, 10, 4)]
    [InlineData(10, 20, 6)]
    public async Task Slate_SixClicksInASmallCatalogue_IsPersonal(int topics, int ofEach, int least)
    {
        var wanted = LiveShop.AllTopics.Skip(5).Take(topics).ToList();
        var taken = wanted.ToDictionary(topic => topic, _ => 0);
        foreach (var garden in wanted)
        {
            foreach (var topic in wanted)
            {
                taken[topic] = 0;
            }

            var shop = await LiveShop.OpenAsync(1, 6, [], item => taken.ContainsKey(item.Topic) && taken[item.Topic]++ < ofEach);
            foreach (var item in shop.ItemsOf(garden).Take(6))
            {
                shop.Touch(0, EventKind.Click, item);
            }

            var slate = shop.SlateNow();

            output.WriteLine($"{garden}: {slate.Count(item => shop.Topics[item] == garden)}");
            Assert.InRange(slate.Count(item => shop.Topics[item] == garden), Math.Min(least, ofEach - 6), 10);
        }
    }

    // Users who each keep to two topics, in turns.
    private static void Click(LiveShop shop, int count, int users, EventKind kind)
    {
        var random = new Random(1);
        var items = LiveShop.AllTopics.Select(shop.ItemsOf).ToArray();
        for (var n = 0; n < count; n++)
        {
            var user = random.Next(users);
            var topic = items[((7 * user) + (random.Next(2) * 11)) % items.Length];
            shop.Touch(user, kind, topic[(int)(topic.Length * random.NextDouble() * random.NextDouble())]);
        }
    }

    private double ShareInTopic(LiveShop shop, IReadOnlyList<Strata.Local.Sample.SampleQuery> queries, int firstUser)
    {
        var sum = 0.0;
        for (var n = 0; n < queries.Count; n++)
        {
            var slate = shop.Search(firstUser + n, queries[n].Query, SlateLength);
            var share = slate.Count(item => shop.Topics[item] == queries[n].Topic) / (double)SlateLength;
            sum += share;
            if (share < 0.8)
            {
                output.WriteLine($"{queries[n].Query}: {share:F1}");
            }
        }

        output.WriteLine($"share {sum / queries.Count:F3}");
        return sum / queries.Count;
    }
}
