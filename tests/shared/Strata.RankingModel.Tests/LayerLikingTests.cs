using CsCheck;

namespace Strata.RankingModel.Tests;

[Trait("height", "unit")]
public sealed class LayerLikingTests
{
    private static readonly Gen<LikingRates> Rates = Gen.Select(
        Gen.Double[.001, .4], Gen.Double[2, 10], (other, lift) => new LikingRates(other, Math.Min(.95, other * lift)));

    private static readonly Gen<double> Evidence = Gen.Double[-12, 12];

    [Fact]
    public void Belief_NoEvidence_IsNominal() => Assert.Equal(LayerLiking.Nominal, LayerLiking.Belief(0), 12);

    [Fact]
    public void After_AClick_IsBayesRule()
    {
        var rates = new LikingRates(.02, .16);

        var belief = LayerLiking.Belief(LayerLiking.After(0, 1, 1, rates));

        Assert.Equal(.15 * .16 / ((.15 * .16) + (.85 * .02)), belief, 12);
        Assert.Equal(belief, LayerLiking.BeliefAfter(.15, 1, 1, rates), 12);
    }

    [Fact]
    public void After_AnyOutcome_ClicksRaiseAndLooksLower()
        => Gen.Select(Evidence, Gen.Double[.01, 5], Rates).Sample((evidence, looks, rates) =>
        {
            Assert.True(LayerLiking.After(evidence, looks, looks, rates) >= evidence);
            Assert.True(LayerLiking.After(evidence, 0, looks, rates) <= evidence);
            Assert.InRange(LayerLiking.After(evidence, looks, looks, rates), -12, 12);
        });

    [Fact]
    public void Fade_AnyEvidence_GoesTowardsNothingAndNoFurther()
        => Gen.Select(Evidence, Gen.Double[0, 10_000]).Sample((evidence, shown) =>
        {
            var faded = LayerLiking.Fade(evidence, shown);

            Assert.True(double.IsFinite(faded));
            Assert.True(Math.Abs(faded) <= Math.Abs(evidence) + 1e-6);
            Assert.True(faded * evidence >= -1e-6);
        });

    [Fact]
    public void Fade_InTwoParts_IsAsInOne()
        => Gen.Select(Gen.Double[-8, 8], Gen.Double[0, 200], Gen.Double[0, 200]).Sample((evidence, first, second) => Assert.Equal(
            LayerLiking.Fade(evidence, first + second), LayerLiking.Fade(LayerLiking.Fade(evidence, first), second), 1e-6));

    [Fact]
    public void Index_AnyBelief_LiesBetweenTheRatesAndGrowsWithIt()
        => Gen.Select(Gen.Double[0, 1], Gen.Double[0, 1], Rates).Sample((one, other, rates) =>
        {
            var (low, high) = (LayerLiking.Index(Math.Min(one, other), rates), LayerLiking.Index(Math.Max(one, other), rates));

            Assert.InRange(low, rates.Other - 1e-12, rates.Liked + 1e-12);
            Assert.True(low <= high + 1e-12);
        });

    [Fact]
    public void Rates_AnySums_AreRatesOfWhichTheLikedIsTwiceTheOther()
    {
        var sums = Gen.Select(Gen.Double[0, 1e9], Gen.Double[0, 1e9], Gen.Double[0, 1], Gen.Double[0, 1]);
        Gen.Select(Gen.Double[1e-4, .9], sums).Sample((begin, sum) =>
        {
            var (clicks, shown, likedClicks, likedShown) = sum;
            var all = LikingRates.Of(begin, (clicks, shown), (clicks * likedClicks, shown * likedShown));
            foreach (var rates in new[] { all, all.OfLayer((clicks, shown), (clicks * likedClicks, shown * likedShown)), all.Times(3) })
            {
                Assert.InRange(rates.Other, 1e-4, .45);
                Assert.InRange(rates.Liked, (2 * rates.Other) - 1e-12, .95);
            }
        });
    }

    [Fact]
    public void Rates_ManyOutcomes_AreWhatWasClicked()
    {
        var rates = LikingRates.Of(.03, (20_000, 300_000), (18_000, 100_000)).OfLayer((2_000, 30_000), (1_500, 5_000));

        Assert.Equal(.3, rates.Liked, .001);
        Assert.Equal(.02, rates.Other, .0001);
    }
}
