namespace Strata.Numerics.Tests;

[Trait("height", "unit")]
public sealed class RidgeMapTests
{
    [Fact]
    public void Fit_PairsOfALinearMap_FindsIt()
    {
        var random = new Random(5);
        var map = new RidgeMap(3, 2);
        for (var pair = 0; pair < 50; pair++)
        {
            var x = Vector(random, 3);
            map.Add(x, [(2 * x[0]) - x[2] + 1, x[1] + 3]);
        }

        map.Fit(1e-9);

        var mapped = map.Map([.5f, -1, 2]);
        Assert.Equal(0, mapped[0], 1e-4);
        Assert.Equal(2, mapped[1], 1e-4);
    }

    /// <summary>One dimension by hand: x̄ 2, ȳ 4, Σ(x−x̄)(y−ȳ) = 4, Σ(x−x̄)² = 2, so with λ 2 the slope is 4 / (2 + 2) = 1.</summary>
    [Fact]
    public void Fit_WithAPenalty_ShrinksTheSlopeAboutTheMeans()
    {
        var map = new RidgeMap(1, 1);
        map.Add([1], [2]);
        map.Add([2], [4]);
        map.Add([3], [6]);

        map.Fit(2);

        Assert.Equal([7], map.Map([5]));
    }

    [Fact]
    public void Remove_PairsThatWereTakenIn_LeavesTheMapOfTheOthers()
    {
        var random = new Random(6);
        (float[] X, float[] Y)[] pairs = [.. Enumerable.Range(0, 30).Select(_ => (Vector(random, 8), Vector(random, 4)))];
        var (all, some) = (new RidgeMap(8, 4), new RidgeMap(8, 4));
        foreach (var (x, y) in pairs)
        {
            all.Add(x, y);
        }

        foreach (var (x, y) in pairs[..10])
        {
            all.Remove(x, y);
        }

        foreach (var (x, y) in pairs[10..].Reverse())
        {
            some.Add(x, y);
        }

        all.Fit(.1);
        some.Fit(.1);

        Assert.Equal(20, all.Pairs);
        Assert.All(all.Map(pairs[0].X).Zip(some.Map(pairs[0].X)), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void Fit_WithoutPairs_Throws() => Assert.Throws<InvalidOperationException>(() => new RidgeMap(2, 2).Fit(1));

    private static float[] Vector(Random random, int dimensions)
        => [.. Enumerable.Range(0, dimensions).Select(_ => (float)(random.NextDouble() - .5))];
}
