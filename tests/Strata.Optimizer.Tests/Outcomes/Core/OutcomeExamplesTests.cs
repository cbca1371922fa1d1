using Strata.Contracts.Ranking.V1;
using Strata.Optimizer.LayerPolicy;
using Strata.Optimizer.Outcomes.Core;
using Strata.RankingModel;

namespace Strata.Optimizer.Tests.Outcomes.Core;

[Trait("height", "unit")]
public sealed class OutcomeExamplesTests
{
    [Fact]
    public void Of_TwoChosen_GivesTwoExamplesAndOutcomesOnce()
    {
        var resolved = new ResolvedImpression(Scene.Open(0, "r", "u", 7, "a", "b", "c"), [0, 2]);

        var examples = OutcomeExamples.Of(resolved, 10).ToArray();

        Assert.Equal([0, 2], examples.Select(e => e.Positive));
        Assert.All(examples, e => Assert.Equal((3u, 18, 2f, Scene.At(7)), (e.Candidates, e.Features.Length, e.Weight, e.TimeUnixMs)));
        Assert.All(examples, e => Assert.Equal((TrainingExample.Types.Origin.Impression, "home-top"), (e.Origin, e.Placement)));
        Assert.Equal(2, examples[0].Outcomes.Count);
        Assert.Empty(examples[1].Outcomes);
    }

    [Fact]
    public void Of_ASlateWithFatigue_SaysOfEachItemWhatItsScoreHadOfIt()
    {
        var impression = Scene.Impression("r", "u", 7, "a", "b", "c");
        impression.Shown[1].Fatigue = -1.25f;
        Assert.True(OpenImpression.TryMake(impression, "u", 0, 0, out var open, out _));

        Assert.All(OutcomeExamples.Of(new ResolvedImpression(open, [0, 2]), 10), e => Assert.Equal([0, -1.25f, 0], e.Offsets));
        Assert.Empty(OutcomeExamples.Of(new ResolvedImpression(Scene.Open(0, "r", "u", 7, "a"), []), 10).Single().Offsets);
    }

    [Fact]
    public void Of_NothingChosen_GivesOneExampleWithoutPositive()
    {
        var example = Assert.Single(OutcomeExamples.Of(new ResolvedImpression(Scene.Open(0, "r", "u", 7, "a", "b"), []), 10));

        Assert.Equal(-1, example.Positive);
        Assert.All(example.Outcomes, outcome => Assert.Equal(0, outcome.Chosen));
    }

    [Fact]
    public void Layers_Slate_WeighsPlacesByExamination()
    {
        var layers = OutcomeExamples.Layers(new ResolvedImpression(Scene.Open(0, "r", "u", 7, "a", "b", "c"), [2]));

        Assert.Equal([1u, 2u], layers.Select(l => l.LayerId));
        Assert.Equal(Examination.Of(0) + Examination.Of(2), layers[0].Shown, 1e-6);
        Assert.Equal(Examination.Of(1), layers[1].Shown, 1e-6);
        Assert.Equal([1f, 0f], layers.Select(l => l.Chosen));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1, 1)]
    [InlineData(1, 0, 2)]
    public void Layers_Belief_IsMovedByWhatWasChosenOfTheLayer(int chosenOfLayer1, params int[] chosen)
    {
        var layers = OutcomeExamples.Layers(new ResolvedImpression(Scene.Open(0, "r", "u", 7, "a", "b", "c"), chosen));

        var expected = LayerLiking.BeliefAfter(0.2f, layers[0].Chosen, layers[0].Shown, new LikingRates(0.02f, 0.16f));
        Assert.Equal(expected, layers[0].Liked, 1e-6);
        Assert.Equal(chosenOfLayer1 > 0 && chosen.Contains(0), layers[0].Liked > 0.2f);
        Assert.Equal(0, layers[1].Liked); // nothing was said of it
    }

    [Theory]
    [InlineData(0.5f, 2)]
    [InlineData(0.001f, 10)]
    [InlineData(0f, 1)]
    [InlineData(1.5f, 1)]
    [InlineData(float.NaN, 1)]
    public void Weight_Propensity_IsInvertedAndCut(float propensity, double expected)
        => Assert.Equal(expected, OutcomeExamples.Weight(propensity, 10));
}
