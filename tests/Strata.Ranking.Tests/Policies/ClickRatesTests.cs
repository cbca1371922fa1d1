using Strata.Ranking.Policies.Core;

namespace Strata.Ranking.Tests.Policies;

[Trait("height", "unit")]
public sealed class ClickRatesTests
{
    [Theory]
    [InlineData(0.02, 50)]
    [InlineData(0.05, 400)]
    [InlineData(0.2, 100)]
    public void Of_SlatesWithARate_HoldsItNineteenTimesInTwenty(double rate, int slates)
    {
        const int runs = 4_000;
        var random = new Random(7);
        double[] examined = [1, .63, .5, .43, .39];
        var held = 0;
        for (var run = 0; run < runs; run++)
        {
            var clicks = 0;
            for (var slate = 0; slate < slates; slate++)
            {
                clicks += examined.Count(looked => random.NextDouble() < looked * rate);
            }

            var told = ClickRates.Of(1, clicks, slates * examined.Sum());
            held += told.Low <= rate && rate <= told.High ? 1 : 0;
        }

        Assert.InRange((double)held / runs, .94, .99);
    }

    [Fact]
    public void Of_NoClicks_IsZeroAndNotCertain()
    {
        var told = ClickRates.Of(1, 0, 100);

        Assert.Equal((0d, 0d), (told.Rate, told.Low));
        Assert.InRange(told.High, .03, .05);
    }

    [Theory]
    [InlineData(0, 0.5, 1)]
    [InlineData(3, 2, 1.5)]
    public void Of_HardlyAnything_EndsAtOneOrTheRate(double clicks, double shown, double high)
        => Assert.Equal(high, ClickRates.Of(1, clicks, shown).High);

    [Fact]
    public void Of_NothingShown_MayBeAnything()
    {
        var told = ClickRates.Of(1, 0, 0);

        Assert.Equal((0d, 0d, 1d), (told.Rate, told.Low, told.High));
    }
}
