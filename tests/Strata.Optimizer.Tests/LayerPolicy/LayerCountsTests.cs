using Google.Protobuf.Collections;
using Strata.Contracts.Policy.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;
using Strata.Optimizer.LayerPolicy;
using Strata.RankingModel;

namespace Strata.Optimizer.Tests.LayerPolicy;

[Trait("height", "unit")]
public sealed class LayerCountsTests
{
    private const long Day = 86_400_000;
    private static readonly TimeSpan HalfLife = TimeSpan.FromDays(30);

    [Fact]
    public void Rates_AfterOneHalfLife_CountHalf()
    {
        var rates = new LayerRates(HalfLife);
        rates.Absorb(Outcomes((3, 10, 1), (4, 10, 5)), 100 * Day);

        rates.Absorb(Outcomes((3, 5, 5)), 130 * Day);

        Assert.Equal([(3, 0.5 + 5, 5 + 5), (4, 2.5, 5)], Written(rates).Layers.Select(layer => (layer.LayerId, layer.Clicks, layer.Shown)));
    }

    [Fact]
    public void Rates_NoLayer_EntersTheTotalsOnly()
    {
        var rates = new LayerRates(HalfLife);
        rates.Absorb(Outcomes((3, 10, 1), (0, 10, 3)), Day);

        var policy = Written(rates);

        Assert.Equal((4, 20), (policy.Clicks, policy.Shown));
        Assert.Equal([3u], policy.Layers.Select(layer => layer.LayerId));
    }

    [Fact]
    public void Rates_ThroughPolicy_ContinueBitEqual()
    {
        var whole = new LayerRates(HalfLife);
        var part = new LayerRates(HalfLife);
        for (var i = 0; i < 100; i++)
        {
            if (i == 40)
            {
                part = LayerRates.From(Written(part), HalfLife);
            }

            var outcomes = Outcomes(((uint)(1 + (i % 7)), 1.3f, i % 2), (9, 0.7f, 0));
            whole.Absorb(outcomes, (i * Day) + i);
            part.Absorb(outcomes, (i * Day) + i);
        }

        Assert.Equal(Written(whole), Written(part));
    }

    [Fact]
    public void Rates_LayerSilentForYears_IsForgotten()
    {
        var rates = new LayerRates(HalfLife);
        rates.Absorb(Outcomes((3, 10, 1)), Day);

        rates.Absorb(Outcomes((4, 10, 1)), 1000 * Day);

        Assert.Equal([4u], Written(rates).Layers.Select(layer => layer.LayerId));
    }

    [Fact]
    public void Counts_ThirtyThirdLayer_ReplacesTheLeastShown()
    {
        var counts = new UserPolicy();
        for (uint layer = 1; layer <= 33; layer++)
        {
            UserLayerCounts.Add(counts, Outcomes((layer, layer == 5 ? 0.1f : 2, 1)), NoRates, Day, HalfLife);
        }

        Assert.Equal(32, counts.LayerIds.Count);
        Assert.Equal(32, counts.Clicks.Count);
        Assert.Equal(32, counts.Shown.Count);
        Assert.Equal(32, counts.Evidence.Count);
        Assert.DoesNotContain(5u, counts.LayerIds);
    }

    [Fact]
    public void Counts_LateOutcome_NeitherGrowsNorShrinksWhatIsThere()
    {
        var counts = new UserPolicy();
        UserLayerCounts.Add(counts, Outcomes((1, 4, 2)), NoRates, 60 * Day, HalfLife);

        UserLayerCounts.Add(counts, Outcomes((1, 1, 0), (0, 9, 9)), NoRates, 30 * Day, HalfLife);

        Assert.Equal([1u], counts.LayerIds);
        Assert.Equal(5f, counts.Shown[0]);
        Assert.Equal(2f, counts.Clicks[0]);
        Assert.Equal(60 * Day, counts.AsOfUnixMs);
    }

    [Fact]
    public void Rates_BelievedOutcomes_SplitWhatWasClickedAndShown()
    {
        var rates = new LayerRates(HalfLife);
        var outcomes = Outcomes((3, 10, 2), (4, 10, 1));
        (outcomes[0].Liked, outcomes[1].Liked) = (0.75f, 0);
        rates.Absorb(outcomes, Day);

        var policy = Written(rates);

        Assert.Equal((1.5, 7.5), (policy.Layers[0].LikedClicks, policy.Layers[0].LikedShown));
        Assert.Equal((0.75, 7.5), (policy.Layers[1].LikedClicks, policy.Layers[1].LikedShown)); // says nothing: as all that is known
        Assert.Equal((2.25, 15), (policy.LikedClicks, policy.LikedShown));
    }

    [Fact]
    public void Rates_OfAPolicyThatSplitNothing_AreSplitAsWhileNothingIsKnown()
    {
        var layer = new Policy.Types.LayerRate { LayerId = 1, Clicks = 41, Shown = 800 };
        var before = new Policy { Clicks = 10_000, Shown = 200_000, Layers = { layer } };

        var after = Written(LayerRates.From(before, HalfLife));

        Assert.Equal(.15 * 200_000, after.LikedShown, 1e-6);
        Assert.Equal(10_000 * .15 * 8 / 2.05, after.LikedClicks, 1e-6);
        Assert.Equal(24, after.Layers[0].LikedClicks, 1e-9);
        Assert.Equal(120, after.Layers[0].LikedShown, 1e-9);
    }

    [Fact]
    public void Rates_OutcomesOfAReleaseBefore_AreSplitAsWhatIsKnownOfTheLayer()
    {
        var rates = new LayerRates(HalfLife);
        var known = Outcomes((3, 10, 2));
        known[0].Liked = 0.5f;
        rates.Absorb(known, Day);

        rates.Absorb(Outcomes((3, 20, 4)), Day);

        var layer = Assert.Single(Written(rates).Layers);
        Assert.Equal((3, 15), (layer.LikedClicks, layer.LikedShown));
    }

    [Fact]
    public void Counts_ClicksAndIgnoredSlates_MoveTheEvidenceAndTimeTakesItBack()
    {
        var counts = new UserPolicy();
        var rates = new LikingRates(0.02, 0.16);
        UserLayerCounts.Add(counts, Outcomes((1, 1, 1), (2, 3, 0)), _ => rates, Day, HalfLife);
        var (liked, ignored) = (counts.Evidence[0], counts.Evidence[1]);

        UserLayerCounts.Add(counts, Outcomes((5, 0, 0)), _ => rates, 31 * Day, HalfLife);

        Assert.Equal(LayerLiking.Fade(Math.Log(8), 4), liked, 1e-5);
        Assert.True(ignored < 0);
        Assert.Equal((liked / 2, ignored / 2), (counts.Evidence[0], counts.Evidence[1]));
    }

    [Fact]
    public void Counts_OfAReleaseBefore_SayWhatTheirClicksSay()
    {
        var counts = new UserPolicy { LayerIds = { 1, 2 }, Clicks = { 3, 0 }, Shown = { 10, 10 }, AsOfUnixMs = Day };

        UserLayerCounts.Add(counts, Outcomes((7, 0, 0)), NoRates, Day, HalfLife);

        Assert.Equal(3, counts.Evidence.Count);
        Assert.Equal(LayerLiking.OfCounts(3, 10), counts.Evidence[0], 1e-5);
        Assert.True(counts.Evidence[1] < 0);
        Assert.Equal(0, counts.Evidence[2], 1e-6);
    }

    [Fact]
    public void Counts_ThatAReleaseBeforeChanged_KeepEachLayersOwnEvidence()
    {
        // It took layer 1 out, and added 3 behind.
        var counts = new UserPolicy
        {
            LayerIds = { 2, 3 },
            Clicks = { 0, 1 },
            Shown = { 10, 1 },
            AsOfUnixMs = Day,
            Evidence = { 5, -4 },
            EvidenceLayerIds = { 1, 2 },
        };

        UserLayerCounts.Add(counts, Outcomes((0, 0, 0)), NoRates, Day, HalfLife);

        Assert.Equal([2u, 3u], counts.EvidenceLayerIds);
        Assert.Equal(-4, counts.Evidence[0], 1e-4);
        Assert.Equal(LayerLiking.OfCounts(1, 1), counts.Evidence[1], 1e-4);
    }

    [Fact]
    public void Merge_OfTwo_IsAsIfOneHadDoneWhatBothDid()
    {
        var rates = new LikingRates(0.02, 0.16);
        var (one, other) = (new UserPolicy(), new UserPolicy());
        UserLayerCounts.Add(one, Outcomes((1, 4, 1)), _ => rates, 31 * Day, HalfLife);
        UserLayerCounts.Add(other, Outcomes((1, 2, 1), (2, 3, 0)), _ => rates, Day, HalfLife);
        var expected = (Clicks: one.Clicks[0] + (other.Clicks[0] / 2), Evidence: one.Evidence[0] + (other.Evidence[0] / 2));

        UserLayerCounts.Merge(one, other, HalfLife);

        Assert.Equal([1u, 2u], one.LayerIds);
        Assert.Equal(expected, (one.Clicks[0], one.Evidence[0]));
        Assert.Equal(other.Evidence[1] / 2, one.Evidence[1]);
    }

    private static LikingRates? NoRates(uint layerId) => null;

    private static Policy Written(LayerRates rates)
    {
        var policy = new Policy();
        rates.WriteTo(policy);
        return policy;
    }

    private static RepeatedField<TrainingExample.Types.LayerOutcome> Outcomes(params (uint Layer, float Shown, float Chosen)[] outcomes)
        => [.. outcomes.Select(o => new TrainingExample.Types.LayerOutcome { LayerId = o.Layer, Shown = o.Shown, Chosen = o.Chosen })];
}
