using Strata.Bench.Measuring;

namespace Strata.Bench.Tests.Measuring;

/// <summary>The line through what a process holds.</summary>
[Trait("height", "unit")]
public sealed class GrowthTests
{
    [Fact]
    public void Of_Line_IsItsSlopeWithoutDoubt()
    {
        var growth = Growth.Of("Ranking", "MiB", [.. Enumerable.Range(0, 31).Select(minute => 85 + minute)]);

        Assert.Equal(100, growth.Mean, 1e-9);
        Assert.Equal(60, growth.PercentAnHour, 1e-9);
        Assert.Equal(60, growth.Upper, 1e-6);
    }

    [Fact]
    public void Of_WhatNeverChanges_IsNothing()
    {
        var growth = Growth.Of("Redis", "threads", [.. Enumerable.Repeat(5.0, 20)]);

        Assert.Equal((5, 0, 0), (growth.Mean, growth.PercentAnHour, growth.Upper));
    }

    [Fact]
    public void Of_NoiseWithoutASlope_HoldsZeroInNineteenOfTwenty()
    {
        var random = new Random(7);
        var held = Enumerable.Range(0, 2_000).Count(_ => Growth.Of("p", "MiB", Wander(random, alike: .5)).Upper >= 0);

        // One side of a 95 % interval.
        Assert.InRange(held / 2_000.0, .95, 1);
    }

    [Fact]
    public void Of_SlopeBelowTheNoise_IsSeenInItsUpperEnd()
    {
        var random = new Random(8);
        var grown = Enumerable.Range(0, 500).Average(_ => Growth.Of(
            "p", "MiB", [.. Wander(random, alike: 0).Select((value, minute) => value + (minute * 100 * .05 / 60))]).PercentAnHour);

        Assert.InRange(grown, 4, 6);
    }

    private static double[] Wander(Random random, double alike)
    {
        var (values, noise) = (new double[30], 0.0);
        for (var i = 0; i < values.Length; i++)
        {
            noise = (alike * noise) + random.NextDouble() - .5;
            values[i] = 100 + noise;
        }

        return values;
    }
}
