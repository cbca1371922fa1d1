using CsCheck;
using Strata.Clustering.Assignment;
using Strata.Clustering.Interests.Core;
using Strata.Clustering.Layers;
using Strata.Clustering.Seeding;

namespace Strata.Clustering.Tests.Interests;

/// <summary>
/// The order in which a user's points arrive makes no difference to their weights, as long as none is more than a week late and their
/// layers are at most sixteen.
/// </summary>
[Trait("height", "unit")]
public sealed class EventOrderTests
{
    private const long Hour = 3_600_000;
    private const long Start = 1_700_000_000_000;

    private static readonly InterestsOptions Options = new();
    private static readonly LayerSet Set = Seed(UserWeights.Limit);

    [Fact]
    public void Add_AnyOrder_GivesTheSameWeights()
        => Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[1, 168]).Sample(
            (seed, hours) =>
            {
                var random = new Random(seed);
                var points = Enumerable.Range(0, random.Next(2, 60)).Select(_ => Draw(random, hours)).ToArray();

                var inOrder = Fold(points.OrderBy(point => point.Time));
                random.Shuffle(points);
                var shuffled = Fold(points);

                Assert.Equal(inOrder.AsOfUnixMs, shuffled.AsOfUnixMs);
                for (var layer = 1u; layer <= UserWeights.Limit; layer++)
                {
                    var (a, b) = (WeightOf(inOrder, layer), WeightOf(shuffled, layer));
                    Assert.Equal(a.LongTerm, b.LongTerm, Near);
                    Assert.Equal(a.ShortTerm, b.ShortTerm, Near);
                }
            },
            iter: 5_000);

    [Fact]
    public void Add_TwelveClicksSixOfThemNineHoursLate_WeighsThemAsInOrder()
    {
        (int First, long Time)[] clicks =
        [
            .. Enumerable.Range(0, 12).Select(i => (i < 6 ? 1 : 7, Start + (i < 6 ? 0 : 9 * Hour) + (i * 60_000))),
        ];

        var inOrder = clicks.Aggregate(UserWeights.Empty, (user, click) => Add(user, click.First, 1, click.Time));
        var late = clicks[6..].Concat(clicks[..6]).Aggregate(UserWeights.Empty, (user, click) => Add(user, click.First, 1, click.Time));

        Assert.Equal(inOrder.AsOfUnixMs, late.AsOfUnixMs);
        foreach (var layer in new uint[] { 2, 8 })
        {
            Assert.Equal(WeightOf(inOrder, layer).LongTerm, WeightOf(late, layer).LongTerm, Near);
            Assert.Equal(WeightOf(inOrder, layer).ShortTerm, WeightOf(late, layer).ShortTerm, Near);
        }

        Assert.InRange(WeightOf(late, 2).ShortTerm / WeightOf(late, 8).ShortTerm, .9 * Math.Pow(2, -9), 1.1 * Math.Pow(2, -9));
    }

    [Fact]
    public void Add_ManyLateViews_AreNotLostOneByOne()
    {
        var late = Add(UserWeights.Empty, 1, 1, Start);
        for (var i = 0; i < 1_000; i++)
        {
            late = Add(late, 3, .3f, Start - (13 * Hour));
        }

        Assert.Equal(1_000 * .3 * Math.Pow(2, -13), WeightOf(late, 4).ShortTerm, 1e-3);
    }

    private static UserWeights Add(UserWeights user, int first, float weight, long time)
        => Interest.Add(user, Set, new Nearest(first, 1, -1, 0, -1, 0), weight, time, Options);

    private static (Nearest Nearest, float Weight, long Time) Draw(Random random, int hours)
    {
        var first = random.Next(UserWeights.Limit - 2);
        var (cosine, second, third) = (random.NextSingle(), .3f * random.NextSingle(), .3f + (.3f * random.NextSingle()));
        return (
            new Nearest(first, cosine, first + 1, cosine - second, first + 2, cosine - third),
            new[] { .3f, 1, .7f, 5, -1 }[random.Next(5)],
            Start + (long)(random.NextDouble() * hours * Hour));
    }

    private static UserWeights Fold(IEnumerable<(Nearest Nearest, float Weight, long Time)> points)
        => points.Aggregate(
            UserWeights.Empty, (user, point) => Interest.Add(user, Set, point.Nearest, point.Weight, point.Time, Options));

    private static LayerWeight WeightOf(UserWeights user, uint layer) => user.Entries.FirstOrDefault(entry => entry.LayerId == layer);

    // Floats at every step; the least weight that is kept.
    private static bool Near(float a, float b) => Math.Abs(a - b) <= 2e-5f;

    private static LayerSet Seed(int layers)
    {
        var world = new TopicWorld(layers, 16, .3, 1);
        return LayerSeeding.Seed([.. world.Take(400).Select(p => p.Vector)], "test", new LayersOptions { Layers = layers }, null);
    }
}
