using CsCheck;

namespace Strata.RankingModel.Tests;

[Trait("height", "unit")]
public sealed class LayerPolicyTests
{
    private static readonly Gen<double[]> Rates = Gen.Double[0, 1].Array[1, 16];

    [Fact]
    public void ShrunkenRate_NoObservations_IsTheLayersRate()
        => Assert.Equal(0.03, LayerPolicy.ShrunkenRate(0, 0, 0.03), 1e-15);

    [Fact]
    public void ShrunkenRate_ManyObservations_IsTheUsersRate()
        => Assert.Equal(0.5, LayerPolicy.ShrunkenRate(50_000, 100_000, 0.03), 1e-3);

    [Fact]
    public void ShrunkenRate_TwentyOfTwenty_LiesHalfWay()
        => Assert.Equal((1 + 0.1) / 2, LayerPolicy.ShrunkenRate(20, 20, 0.1, 20), 1e-15);

    [Fact]
    public void SquareCb_AnyRates_SumsToOneKeepsTheFloorAndTheOrder()
        => Rates.Select(Gen.Double[0, 50_000], Gen.Double[0, 1]).Sample((rates, gamma, floor) =>
        {
            var p = new double[rates.Length];

            LayerPolicy.SquareCb(rates, gamma, floor, p);

            AssertDistribution(rates, p, floor);
        });

    [Fact]
    public void Softmax_AnyRates_SumsToOneKeepsTheFloorAndTheOrder()
        => Rates.Select(Gen.Double[0.001, 10], Gen.Double[0, 1]).Sample((rates, temperature, floor) =>
        {
            var p = new double[rates.Length];

            LayerPolicy.Softmax(rates, temperature, floor, p);

            AssertDistribution(rates, p, floor);
        });

    [Fact]
    public void SquareCb_KnownGap_HasTheFormulasProbabilities()
    {
        var p = new double[2];

        LayerPolicy.SquareCb([0.1, 0.3], gamma: 10, floor: 0.1, p);

        Assert.Equal((0.9 / 4) + 0.05, p[0], 1e-12);
        Assert.Equal((0.9 * 3 / 4) + 0.05, p[1], 1e-12);
    }

    [Fact]
    public void SquareCb_NoLayers_DoesNothing() => LayerPolicy.SquareCb([], 1, 0.1, []);

    private static void AssertDistribution(double[] rates, double[] p, double floor)
    {
        Assert.Equal(1.0, p.Sum(), 1e-9);
        Assert.All(p, share => Assert.True(share >= (floor / p.Length) - 1e-12));
        for (var i = 0; i < p.Length; i++)
        {
            for (var j = 0; j < p.Length; j++)
            {
                Assert.False(rates[i] > rates[j] && p[i] < p[j] - 1e-12, "a better layer is less probable");
            }
        }
    }
}
