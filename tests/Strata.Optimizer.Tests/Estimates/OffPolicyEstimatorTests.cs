using CsCheck;
using Strata.Contracts.Ranking.V1;
using Strata.Optimizer.Estimates;
using Strata.Optimizer.LayerPolicy;
using Strata.Optimizer.Tests.Learning;
using Strata.RankingModel;

namespace Strata.Optimizer.Tests.Estimates;

[Trait("height", "unit")]
public sealed class OffPolicyEstimatorTests
{
    // One feature, which is the score; its mirror is the policy that puts everything upside down.
    private static readonly LinearModel Upright = Model(1);
    private static readonly LinearModel UpsideDown = Model(-1);

    [Fact]
    public void Of_ThePolicyThatShowedThem_IsWhatWasClicked()
    {
        LoggedSlate[] slates = [Slate([3, 2, 1], [0]), Slate([3, 2, 1], []), Slate([5, 4, 3], [1, 2])];

        var estimate = OffPolicyEstimator.Of(slates, 1, Upright);

        Assert.Equal((3, 1.0), (estimate.Slates, estimate.Ips));
        Assert.Equal(1, estimate.Snips, 12);
        Assert.Equal(1, estimate.DoublyRobust, 12);
        Assert.Equal(3, estimate.EffectiveSlates, 12);
        Assert.Equal(1.96 / Math.Sqrt(3), estimate.HalfWidth, 1e-9); // clicks 1, 0, 2: a variance of 1
    }

    [Fact]
    public void Of_SlateOrderedByFatigueToo_IsWhatWasClicked()
    {
        // By its feature alone the second would be the first.
        var slate = Slate([1, 2], [0], offsets: [0, -1.5f]);

        Assert.Equal(1, OffPolicyEstimator.Of([slate], 1, Upright).Ips);
        Assert.Equal(Examination.Of(1), OffPolicyEstimator.Of([Slate([1, 2], [0])], 1, Upright).Ips, 1e-6);
    }

    [Fact]
    public void Of_AnotherOrder_WeighsByExamination()
    {
        var slate = Slate([2, 1], [0, 1], [.1f, .2f]);

        var estimate = OffPolicyEstimator.Of([slate], 1, UpsideDown);

        var (top, second) = (Examination.Of(0), Examination.Of(1));
        var (first, other) = (second / top, top / second);
        Assert.Equal(first + other, estimate.Ips, 1e-6);
        Assert.Equal((first + other) / ((first * top) + (other * second)) * (top + second), estimate.Snips, 1e-6);
        Assert.Equal(
            (second * .1) + (top * .2) + (first * (1 - (top * .1))) + (other * (1 - (second * .2))), estimate.DoublyRobust, 1e-6);
        Assert.Equal((first + other) * (first + other) / ((first * first) + (other * other)) / 2, estimate.EffectiveSlates, 1e-6);
    }

    [Fact]
    public void Of_AClickFarDownThatWouldBeFirst_WeighsWhatTheClipLeavesAndTheModelTheRest()
    {
        var shown = Enumerable.Range(0, 20).Select(at => 20f - at).ToArray();
        var slate = Slate(shown, [19], [.. shown.Select(_ => .2f)]);

        var estimate = OffPolicyEstimator.Of([slate], 1, UpsideDown);

        var (top, last) = (Examination.Of(0), Examination.Of(19));
        Assert.Equal(top / last, estimate.Ips, 1e-6);
        var robust = Enumerable.Range(0, 20).Sum(at =>
        {
            var (looked, would) = (Examination.Of(at), Examination.Of(19 - at));
            return (would * .2) + (Math.Min(would / looked, OffPolicyEstimator.Clip) * ((at == 19 ? 1 : 0) - (looked * .2)));
        });
        Assert.Equal(robust, estimate.DoublyRobust, 1e-6);
        Assert.InRange(estimate.DoublyRobust, OffPolicyEstimator.Clip, estimate.Ips - 1);
    }

    [Fact]
    public void Of_SlatesOfWhichSomeWereClicked_CountsThese()
    {
        var estimate = OffPolicyEstimator.Of([Slate([2, 1], [0]), Slate([2, 1], []), Slate([2, 1], [0, 1])], 1, Upright);

        Assert.Equal((3, 2), (estimate.Slates, estimate.Clicked));
    }

    [Fact]
    public void Difference_OfTheSameModel_IsNothingForSure()
        => Assert.Equal((0, 0), OffPolicyEstimator.Difference([Slate([2, 1], [0]), Slate([3, 1], [])], 1, Upright, Upright));

    [Fact]
    public void Difference_SlatesThatDifferMoreThanTheModels_IsSeenAllTheSame()
    {
        // Some slates get many clicks and others none, and in each the upper item is a little better: what a mean of either hides.
        var random = new Random(3);
        var slates = Enumerable.Range(0, 400).Select(i => i % 2 == 0
            ? Slate(
                [6, 5, 4, 3, 2, 1],
                [.. Enumerable.Range(0, 6).Where(at => random.NextDouble() < .9 - (.02 * at)).Select(at => (uint)at)])
            : Slate([6, 5, 4, 3, 2, 1], [])).ToList();

        var (more, halfWidth) = OffPolicyEstimator.Difference(slates, 1, Upright, UpsideDown);
        var (upright, upsideDown) = (OffPolicyEstimator.Of(slates, 1, Upright), OffPolicyEstimator.Of(slates, 1, UpsideDown));

        Assert.Equal(upright.DoublyRobust - upsideDown.DoublyRobust, more, 1e-9);
        Assert.NotEqual(0, halfWidth);
    }

    [Fact]
    public void Of_OtherSchemaOrFeatures_SaysNothing()
    {
        Assert.Equal(0, OffPolicyEstimator.Of([Slate([2, 1], [0])], 2, Upright).Slates);
        Assert.Equal(
            0, OffPolicyEstimator.Of([Slate([2, 1], [0])], 1, new LinearModel([0, 0], [1, 1], [1, 1], [[0, 0]], 1)).Slates);
    }

    /// <summary>Clicks by position and relevance, in random orders: every estimator finds what the target's own order would get.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Of_ClicksByPositionAndRelevance_FindsWhatThePolicyWouldGet(int sign)
    {
        var random = new Random(5);
        var model = Model(sign);
        var (slates, truth) = (new List<LoggedSlate>(), 0.0);
        for (var i = 0; i < 4000; i++)
        {
            float[] scores = [.. Enumerable.Range(0, 8).Select(_ => (float)random.NextDouble())];
            double[] relevance = [.. scores.Select(score => .05 + (.4 * score))];
            uint[] chosen = [.. Enumerable.Range(0, 8).Where(at => random.NextDouble() < Examination.Of(at) * relevance[at])
                .Select(at => (uint)at)];
            slates.Add(Slate(scores, chosen, [.. relevance.Select(value => (float)value * .8f)]));
            truth += relevance.OrderBy(value => -sign * value).Select((value, at) => Examination.Of(at) * value).Sum() / 4000;
        }

        var estimate = OffPolicyEstimator.Of(slates, 1, model);

        Assert.Equal(truth, estimate.Ips, truth * .05);
        Assert.Equal(truth, estimate.Snips, truth * .05);
        Assert.InRange(estimate.DoublyRobust, truth - (1.6 * estimate.HalfWidth), truth + (1.6 * estimate.HalfWidth));
        Assert.InRange(estimate.HalfWidth, .001, truth * .05);
    }

    [Fact]
    public void Of_AnySlates_TellsAsMuchAsThereAreAtMost()
        => Gen.Float[0, 1].Array[1, 12].Array[1, 20].Sample(slates =>
        {
            var estimate = OffPolicyEstimator.Of(
                slates.Select(items => Slate(items, [0])), 1, UpsideDown);

            Assert.InRange(estimate.EffectiveSlates, 1e-9, slates.Length + 1e-9);
            Assert.True(estimate.Ips >= 0 && double.IsFinite(estimate.Snips) && double.IsFinite(estimate.DoublyRobust));
        });

    private static LinearModel Model(double weight) => new([0], [1], [weight], [[0], [0], [0], [0]], 1);

    private static LoggedSlate Slate(float[] scores, uint[] chosen, float[]? expected = null, float[]? offsets = null)
    {
        var example = new TrainingExample
        {
            Origin = TrainingExample.Types.Origin.Impression,
            Schema = 1,
            Candidates = (uint)scores.Length,
            Features = Examples.Bytes(scores),
            Expected = { expected ?? [.. scores.Select(_ => .1f)] },
            Chosen = { chosen },
            Offsets = { offsets ?? [] },
        };
        Assert.True(LoggedSlate.TryRead(example, out var slate));
        return slate;
    }
}
