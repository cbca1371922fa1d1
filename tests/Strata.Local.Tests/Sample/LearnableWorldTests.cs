using Strata.Local.Sample;

namespace Strata.Local.Tests.Sample;

/// <summary>
/// Whether there is anything to learn: hit rates at 10 on the next item a shopper has never touched, predicted before each event from those
/// before it.
/// </summary>
[Trait("height", "unit")]
public sealed class LearnableWorldTests
{
    private static readonly SampleCatalogue Shop = SampleCatalogue.Load();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Organic_NextItem_IsHitByPopularitySometimesAndByBetterRankingsFarMoreOften(int seed)
    {
        var (popular, oracle, recentTopic) = HitRates(new ShopperSimulator(Shop, new SimulationOptions { Seed = seed }));

        Assert.InRange(popular, 0.05, 0.1);
        Assert.True(oracle >= 3 * popular, $"oracle {oracle:f3}, popularity {popular:f3}");
        Assert.True(recentTopic >= 2.2 * popular, $"recent topic {recentTopic:f3}, popularity {popular:f3}");
        Assert.True(oracle < 0.6, $"A world where the truth hits {oracle:f3} is too simple to show anything.");
    }

    private static (double Popular, double Oracle, double RecentTopic) HitRates(ShopperSimulator simulator)
    {
        var met = new Dictionary<string, int>();
        var shoppers = new Dictionary<string, List<SampleItem>>();
        var (asked, popular, oracle, recentTopic) = (0, 0, 0, 0);
        foreach (var done in simulator.Organic().Where(done => done.ItemId is not null))
        {
            if (!shoppers.TryGetValue(done.UserId, out var touched))
            {
                shoppers.Add(done.UserId, touched = []);
            }

            var item = Shop.Find(done.ItemId!)!;
            if (!touched.Exists(other => ReferenceEquals(other, item)))
            {
                var interests = simulator.TrueInterests(done.UserId, done.Time);
                var last = touched.Count > 0 ? touched[^1].Topic : null;
                asked++;
                popular += Hit(item, touched, other => met.GetValueOrDefault(other.ItemId));
                oracle += Hit(item, touched, other => interests.GetValueOrDefault(other.Topic) * simulator.Appeal(other.ItemId));
                recentTopic += Hit(item, touched, other => met.GetValueOrDefault(other.ItemId) + (other.Topic == last ? 1e6 : 0));
                touched.Add(item);
            }

            met[item.ItemId] = met.GetValueOrDefault(item.ItemId) + 1;
        }

        return ((double)popular / asked, (double)oracle / asked, (double)recentTopic / asked);
    }

    private static int Hit(SampleItem next, List<SampleItem> touched, Func<SampleItem, double> score)
    {
        // Ties go against the ranking.
        var reached = score(next);
        var before = Shop.Items.Where(other => score(other) >= reached && !ReferenceEquals(other, next));
        return before.ExceptBy(touched.Select(item => item.ItemId), other => other.ItemId).Take(10).Count() < 10 ? 1 : 0;
    }
}
