using Strata.Optimizer.Learning.Core;

namespace Strata.Optimizer.Tests.Learning;

[Trait("height", "unit")]
public sealed class NewtonStepTests
{
    [Fact]
    public void Descend_TwoFeatures_SolvesAsByHand()
    {
        var rate = new LearningRate(Step: 1, Prior: 2, Forgetting: 0);
        var weights = new double[2];
        var curvature = rate.InitialSquares(2);

        new NewtonStep(2, rate).Descend(weights, curvature, [1, 3]);

        // H = 2I + gg' = [3 3; 3 11]; H⁻¹g = [11·1 − 3·3, −3·1 + 3·3] / 24.
        Assert.Equal([3, 3, 11], curvature);
        Assert.Equal(-2.0 / 24, weights[0], 12);
        Assert.Equal(-6.0 / 24, weights[1], 12);
    }

    [Fact]
    public void Descend_WithForgetting_ComesBackToThePriorWithoutGradients()
    {
        var rate = new LearningRate(Step: 1, Prior: 2, Forgetting: 0.01);
        var (weights, curvature) = (new double[3], rate.InitialSquares(3));
        var step = new NewtonStep(3, rate);
        for (var i = 0; i < 100; i++)
        {
            step.Descend(weights, curvature, [5, -5, 1]);
        }

        for (var i = 0; i < 5000; i++)
        {
            step.Descend(weights, curvature, [0, 0, 0]);
        }

        Assert.Equal(rate.InitialSquares(3), curvature, (a, b) => Math.Abs(a - b) < 1e-9);
    }

    [Fact]
    public void Restore_AdaGradsSums_BecomeTheDiagonal()
    {
        var rate = new LearningRate(Prior: 10);

        Assert.Equal([11, 0, 12], rate.Restore([1, 2], 2)!);
        Assert.Null(rate.Restore([1, 2, 3, 4], 2));
    }

    [Fact]
    public void Learn_FeaturesThatSayNearlyTheSame_FindsTheirDifferenceSoonerThanAdaGrad()
    {
        // The choice follows the difference of two features that are otherwise alike.
        var (newton, adaGrad) = (RankAfter(LearningRate.Default), RankAfter(LearningRate.AdaGrad));

        Assert.True(newton < 0.8 * adaGrad, $"mean rank {newton:F2} by Newton, {adaGrad:F2} by AdaGrad");
    }

    private static double RankAfter(LearningRate rate)
    {
        var random = new Random(4);
        var learner = new ListwiseLearner(2, 1, rate);
        var sum = 0.0;
        for (var i = 0; i < 600; i++)
        {
            var rows = new float[40];
            var (best, most) = (0, double.NegativeInfinity);
            for (var c = 0; c < 20; c++)
            {
                var (common, difference) = (random.NextSingle() * 10, random.NextSingle());
                (rows[2 * c], rows[(2 * c) + 1]) = (common + difference, common - difference);
                (best, most) = difference > most ? (c, difference) : (best, most);
            }

            var rank = learner.Learn(rows, best, 0);
            sum += i >= 300 ? rank : 0;
        }

        return sum / 300;
    }
}
