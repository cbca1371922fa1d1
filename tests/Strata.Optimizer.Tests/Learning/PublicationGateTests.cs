using Strata.Contracts.Ranking.V1;
using Strata.Optimizer.Learning.Core;
using Strata.RankingModel;

namespace Strata.Optimizer.Tests.Learning;

[Trait("height", "unit")]
public sealed class PublicationGateTests
{
    // One feature, which is the score; the other puts everything upside down.
    private static readonly LinearModel Upright = Model(1);
    private static readonly LinearModel UpsideDown = Model(-1);

    [Theory]
    [InlineData(49, false)]
    [InlineData(50, true)]
    public void Judge_TheFirstOfEachSlateIsClicked_HoldsWhatWouldPutItLastOnceEnoughTellSo(int clicked, bool held)
        => Assert.Equal(held, Judge(Upright, UpsideDown, 200, clicked).IsHeld);

    [Fact]
    public void Judge_NothingIsEverClicked_HoldsNothingWhateverWasBelieved()
        => Assert.False(Judge(Upright, UpsideDown, 500, 0).IsHeld);

    [Fact]
    public void Judge_WhatPutsTheClickedAlike_IsNotHeldForWhatSumsRoundTo()
        => Assert.False(Judge(Upright, Model(1 + 1e-9), 500, 500).IsHeld);

    private static Judgement Judge(LinearModel published, LinearModel learned, int slates, int clicked)
    {
        var gate = new PublicationGate(new LearningOptions());
        for (var i = 0; i < slates; i++)
        {
            float[] scores = [6, 5, 4, 3, 2, 1];
            gate.Observe(i, new TrainingExample
            {
                Origin = TrainingExample.Types.Origin.Impression,
                Schema = 1,
                Candidates = (uint)scores.Length,
                Features = Examples.Bytes(scores),
                Expected = { scores.Select(score => score * (.01f + (.0001f * (i % 7)))) },
                Chosen = { i < clicked ? [0u] : Array.Empty<uint>() },
            });
        }

        gate.Published(1, published);
        return gate.Judge(1, learned);
    }

    private static LinearModel Model(double weight) => new([0], [1], [weight], [[0], [0], [0], [0]], 1);
}
