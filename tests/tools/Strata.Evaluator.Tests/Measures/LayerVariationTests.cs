using Strata.Evaluator.Measures;

namespace Strata.Evaluator.Tests.Measures;

[Trait("height", "unit")]
public sealed class LayerVariationTests
{
    [Fact]
    public void Add_SharesThatPositionsCanHave_LeaveNothing()
    {
        var variation = new LayerVariation();

        variation.Add([0.75, 0.25], [20, 20], [15, 5]);

        Assert.Equal((0.0, 0.0), (variation.Mean, variation.Least));
    }

    [Fact]
    public void Add_WrongShares_IsHalfTheSumOfDifferences()
    {
        var variation = new LayerVariation();

        variation.Add([0.5, 0.5, 0], [20, 20, 20], [2, 1, 1]);

        Assert.Equal(0.25, variation.Mean, 12);
        Assert.Equal(0, variation.Least, 12);
    }

    [Theory]
    [InlineData(10, 0.05)]
    [InlineData(1, 0.35)]
    public void Add_SharesBetweenPositionsOrFewCandidates_CannotVanish(int candidates, double least)
    {
        var variation = new LayerVariation();

        variation.Add([0.45, 0.55], [candidates, 10], [1, 9]);

        Assert.Equal(least, variation.Least, 12);
    }
}
