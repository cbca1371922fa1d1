using Strata.Evaluator.Drift;

namespace Strata.Evaluator.Tests.Drift;

/// <summary>The layers on planted topics, at one seed: what <c>strata evaluate drift</c> prints for any.</summary>
[Trait("height", "harness")]
public sealed class StrataDriftTests
{
    /// <summary>Two of these topics lie close to each other, and noise twice as long as what they share hides it.</summary>
    [Fact]
    public void Run_StationaryNoisyTopics_FindsThemAllAndComesToRest()
    {
        var lines = new DriftEvaluation(new NoProgress()).Run(DriftScenario.Stationary, 2, 13);

        var strata = lines.Single(line => line.Method == "strata");
        Assert.Equal(0, strata.LateMoves);
        Assert.InRange(strata.InertiaOverOracle, 1, 1.01);
        Assert.InRange(strata.Ari, .99, 1);
        Assert.All(lines, line => Assert.True(strata.Ari >= line.Ari, $"{line.Method} {line.Ari:F3}"));
    }
}
