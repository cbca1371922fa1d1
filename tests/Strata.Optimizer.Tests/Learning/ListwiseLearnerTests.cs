using System.Text.Json;
using Google.Protobuf.Collections;
using Strata.Contracts.Policy.V1;
using Strata.Optimizer.Learning.Core;
using Strata.RankingModel;

namespace Strata.Optimizer.Tests.Learning;

[Trait("height", "unit")]
public sealed class ListwiseLearnerTests
{
    [Fact]
    public void Learn_ListsOfTheReference_GivesItsNumbers()
    {
        using var stream = typeof(ListwiseLearnerTests).Assembly.GetManifestResourceStream("listwise.expected.json")!;
        var expected = JsonSerializer.Deserialize<Expected>(stream, JsonSerializerOptions.Web)!;
        var learner = new ListwiseLearner(expected.Features, expected.Contexts, LearningRate.AdaGrad);

        var ranks = expected.Lists.Select(list => learner.Learn(list.Rows, list.Positive, list.Context, list.Weight)).ToArray();

        var policy = new Policy();
        learner.WriteTo(policy);
        Assert.Equal(expected.Ranks, ranks);
        Near(expected.Mean, policy.Mean);
        Near(expected.Variance, policy.Variance);
        Near(expected.Weights[0], policy.Weights);
        Near(expected.Squares[0], policy.Squares);
        for (var c = 0; c < expected.Contexts; c++)
        {
            Near(expected.Weights[c + 1], policy.ContextWeights[c].Values);
            Near(expected.Squares[c + 1], policy.ContextSquares[c].Values);
        }
    }

    [Fact]
    public void Learn_AfterRestartFromPolicy_ContinuesBitEqual()
    {
        var random = new Random(11);
        var whole = new ListwiseLearner(7, 3);
        var part = new ListwiseLearner(7, 3);
        for (var i = 0; i < 200; i++)
        {
            if (i == 90)
            {
                var policy = new Policy();
                part.WriteTo(policy);
                part = ListwiseLearner.From(Policy.Parser.ParseFrom(Google.Protobuf.MessageExtensions.ToByteArray(policy)));
            }

            var (rows, positive) = PlantedLists.Next(random, 7, candidates: 1 + random.Next(40));
            whole.Learn(rows, positive, i % 3);
            part.Learn(rows, positive, i % 3);
        }

        Assert.Equal(State(whole), State(part));
    }

    [Fact]
    public void Learn_PositiveIsNoCandidate_MovesStandardisationOnly()
    {
        var learner = new ListwiseLearner(2, 1);

        var rank = learner.Learn([1f, 2f, 3f, 6f], positive: -1, context: 0);

        var policy = State(learner);
        Assert.Equal(-1, rank);
        Assert.Equal([2.0, 4.0], policy.Mean);
        Assert.Equal([1.0, 4.0], policy.Variance);
        Assert.Equal([0.0, 0.0], policy.Weights);
        Assert.Equal(0u, policy.Steps);
        Assert.Equal(1u, policy.Lists);
    }

    [Fact]
    public void Learn_HugeFeatureValues_StaysFinite()
    {
        var random = new Random(5);
        var learner = new ListwiseLearner(3, 1);
        for (var i = 0; i < 500; i++)
        {
            float[] rows = [65504, -65504, random.NextSingle(), -65504, 65504, random.NextSingle()];
            learner.Learn(rows, i % 2, 0, weight: 1000);
        }

        Assert.All(State(learner).Weights, weight => Assert.True(double.IsFinite(weight)));
    }

    [Fact]
    public void Learn_PlantedPreference_RanksBetterThanTheBestSingleFeature()
    {
        var random = new Random(3);
        var learner = new ListwiseLearner(6, 3);
        var learned = 0.0;
        var single = new double[6];
        for (var i = 0; i < 4000; i++)
        {
            var (rows, positive) = PlantedLists.Next(random, 6, candidates: 40);
            var rank = learner.Learn(rows, positive, i % 3);
            if (i >= 2000)
            {
                learned += Gain(rank);
                for (var f = 0; f < 6; f++)
                {
                    single[f] += Gain(PlantedLists.RankBy(rows, 6, f, positive));
                }
            }
        }

        var best = single.Max();
        Assert.True(learned > 1.3 * best, $"NDCG learned {learned / 2000:f3}, best single feature {best / 2000:f3}");
        TestContext.Current.TestOutputHelper?.WriteLine($"NDCG learned {learned / 2000:f3}, best single feature {best / 2000:f3}");
    }

    [Fact]
    public void Learn_FromAPrior_MovesOnlyWhatExamplesMove()
    {
        var learner = new ListwiseLearner(2, 1, prior: PriorOf(contexts: 1));
        for (var i = 0; i < 3000; i++)
        {
            learner.Learn([i % 2, 7, 1 - (i % 2), 7], positive: i % 2, context: 0);
        }

        var policy = State(learner);
        Assert.Equal([3.0, 4.0], [policy.Weights[1], policy.Variance[1]]);
        Assert.Equal(5.0, policy.Mean[1]);
        Assert.True(policy.Weights[0] < 0, $"{policy.Weights[0]}");
    }

    [Fact]
    public void Learn_StrongerPrior_MovesLess()
    {
        var weak = new ListwiseLearner(2, 1, prior: PriorOf(1, strength: 10));
        var strong = new ListwiseLearner(2, 1, prior: PriorOf(1, strength: 1000));
        for (var i = 0; i < 50; i++)
        {
            weak.Learn([0, 7, 1, 7], positive: 0, context: 0);
            strong.Learn([0, 7, 1, 7], positive: 0, context: 0);
        }

        Assert.InRange(State(strong).Weights[0], State(weak).Weights[0] + 0.1, 2);
    }

    [Fact]
    public void Learn_FromAPrior_LeavesTheSearchingContextAlone()
    {
        var random = new Random(8);
        var learner = new ListwiseLearner(2, Contexts.Count, prior: PriorOf(Contexts.Count));
        var before = learner.Snapshot().WeightsOf(Contexts.Searching).ToArray();
        for (var i = 0; i < 500; i++)
        {
            var (rows, positive) = PlantedLists.Next(random, 2, candidates: 10);
            learner.Learn(rows, positive, i % Contexts.Count);
        }

        Assert.Equal(before, learner.Snapshot().WeightsOf(Contexts.Searching).ToArray());
        Assert.NotEqual(2, learner.Snapshot().WeightsOf(Contexts.Active)[0]);
    }

    [Fact]
    public void From_PolicyOfTheReleaseBefore_BeginsTheContextItLacksWithThePrior()
    {
        var learner = new ListwiseLearner(2, 3);
        learner.Learn([1f, 2f, 3f, 6f], positive: 0, context: 1);
        var policy = State(learner);
        policy.FeatureLists.Clear();

        var restored = ListwiseLearner.From(policy, prior: PriorOf(Contexts.Count));

        Assert.Equal([2.0, 3.0], restored.Snapshot().WeightsOf(Contexts.Searching).ToArray());
        Assert.Equal(learner.Snapshot().WeightsOf(1).ToArray(), restored.Snapshot().WeightsOf(1).ToArray());
        Assert.Equal([1.0, 1.0], State(restored).FeatureLists);
    }

    [Fact]
    public void Learn_ListOfAnotherShape_IsRefused()
    {
        var learner = new ListwiseLearner(3, 2);

        Assert.Throws<ArgumentException>(() => learner.Learn([1f, 2f], 0, 0));
        Assert.Throws<ArgumentException>(() => learner.Learn([1f, 2f, 3f], 1, 0));
        Assert.Throws<ArgumentException>(() => learner.Learn([1f, 2f, 3f], 0, 2));
    }

    private static double Gain(int rank) => 1 / Math.Log2(rank + 2);

    private static Prior PriorOf(int contexts, double strength = 100)
    {
        double[][] weights = [[2, 3], .. Enumerable.Range(1, contexts).Select(context => context == 4 ? new double[] { 2, 3 } : [0, 0])];
        double[][] curvature = [.. Enumerable.Range(0, contexts + 1).Select(_ => new double[] { 1, 1 })];
        return new Prior(1, [0.5, 5], [1, 4], weights, curvature, 3, 100, strength);
    }

    private static Policy State(ListwiseLearner learner)
    {
        var policy = new Policy();
        learner.WriteTo(policy);
        return policy;
    }

    private static void Near(double[] expected, RepeatedField<double> actual)
    {
        Assert.Equal(expected.Length, actual.Count);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-9);
        }
    }

    private sealed record Expected(
        int Features,
        int Contexts,
        IReadOnlyList<ExpectedList> Lists,
        double[] Mean,
        double[] Variance,
        double[][] Weights,
        double[][] Squares,
        int[] Ranks);

    private sealed record ExpectedList(float[] Rows, int Positive, int Context, double Weight);
}
