using Strata.Local.Sample;
using Strata.Local.Series;

namespace Strata.Local.Tests.Series;

[Trait("height", "unit")]
public sealed class SeriesOptionsTests
{
    [Theory]
    [InlineData(9_000, new[] { 9_000 })]
    [InlineData(14_000, new[] { 14_000 })]
    [InlineData(60_000, new[] { 14_000, 50_000, 60_000 })]
    [InlineData(200_000, new[] { 14_000, 50_000, 100_000, 200_000 })]
    public void Measured_PlainRun_MarksUpToTheEndAndTheEnd(int events, int[] measured)
    {
        var options = new SeriesOptions { Events = events };

        Assert.Equal(measured, options.Measured);
        Assert.Equal(measured, options.Stops);
    }

    [Fact]
    public void Stops_HostileUserAndReplacement_StopForThemAndMeasureSoonAfterTheReplacement()
    {
        var options = new SeriesOptions { Events = 50_000, HostileClicks = 20, ReplaceAt = 25_000 };

        Assert.Equal([14_000, 27_000, 50_000], options.Measured);
        Assert.Equal([7_000, 14_000, 25_000, 27_000, 50_000], options.Stops);
    }

    [Theory]
    [InlineData(14_000)]
    [InlineData(50_000)]
    [InlineData(200_000)]
    public void Start_OfAnyLength_TheSampleEarlierAndItsEndBeforeTheSamplesOwn(int events)
    {
        var shop = SampleCatalogue.Load();
        var sample = new ShopperSimulator(shop, new SimulationOptions()).Organic().ToList();
        var options = new SeriesOptions { Events = events };

        var stream = new ShopperSimulator(shop, new SimulationOptions { Events = events, Start = options.Start }).Organic().ToList();

        var earlier = new SimulationOptions().Start - options.Start;
        Assert.Equal(sample, stream.Take(sample.Count).Select(act => act with { Time = act.Time + earlier }));
        Assert.True(stream[^1].Time <= sample[^1].Time, $"{stream[^1].Time} after {sample[^1].Time}");
    }

    [Fact]
    public void Measured_ReplacedShortBeforeTheEnd_MeasuresAtTheEndOnly()
    {
        var options = new SeriesOptions { Events = 14_000, ReplaceAt = 13_000 };

        Assert.Equal([14_000], options.Measured);
    }
}
