using Strata.Local.Sample;

namespace Strata.Evaluation;

/// <summary>What somebody sees first of whom nothing is known but attributes, which tell a little of what they like.</summary>
[Trait("height", "harness")]
public sealed class NewcomerTests(ITestOutputHelper output)
{
    private const int Events = 14_000;
    private const int Newcomers = 4_000;

    [Fact]
    public async Task FirstSlate_AttributesAreKnown_HitsFifteenPercentMoreOften()
    {
        var typed = LiveShop.PlainQueries(int.MaxValue).Select(query => query.Query);
        var shop = await LiveShop.OpenAsync(LiveShop.Shoppers + 1_000, Events + 1_000, typed, learnEvery: 1);
        shop.Replay(Events, attributes: true);
        var user = LiveShop.Shoppers;
        var unknown = shop.FirstSlate(user++, null);
        var slates = new Dictionary<ShopperAttributes, IReadOnlyList<int>>();
        var (known, plain, all) = (0, 0, 0);
        foreach (var (attributes, item) in shop.Newcomers(Newcomers))
        {
            if (!slates.TryGetValue(attributes, out var slate))
            {
                slates[attributes] = slate = shop.FirstSlate(user++, attributes);
            }

            known += slate.Contains(item) ? 1 : 0;
            plain += unknown.Contains(item) ? 1 : 0;
            all++;
        }

        output.WriteLine($"HR@10 of {all}: {(double)known / all:F4} with attributes, {(double)plain / all:F4} without");
        Assert.InRange(all, Newcomers / 2, Newcomers);
        Assert.InRange(known, 1.15 * plain, all);
    }
}
