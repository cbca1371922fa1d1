using Strata.Chaos.Serving;

namespace Strata.EndToEnd;

/// <summary>
/// The scenario of a constant client in its short form, with two instances of each service: fifty slates a second while the broker, the
/// store, and each instance are away in turn. Every call brings one, and nothing that was acknowledged is lost.
/// </summary>
[Collection(Alone.Name)]
[Trait("height", "system")]
public sealed class ConstantClient(ITestOutputHelper output)
{
    /// <summary>Set to 1 where a test may take four minutes.</summary>
    private const string Variable = "STRATA_SERVING";

    [Fact]
    public async Task Serving_BrokerStoreAndInstancesAwayInTurn_EveryCallBringsASlate()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable(Variable) == "1", $"takes about four minutes; {Variable}=1 runs it");
        using var system = HarmedSystem.Require();

        var report = await new ServingScenario(system.Options with { Instances = 2 }, output.WriteLine)
        {
            WithoutBroker = TimeSpan.FromSeconds(20),
            WithoutStore = TimeSpan.FromSeconds(40),
        }.RunAsync(TestContext.Current.CancellationToken);

        Assert.Empty(report.Violations);
        Assert.Equal(0, report.Lost);
        Assert.All(report.Phases, phase => Assert.Equal((0, true), (phase.Unanswered, phase.Calls > 0)));
        Assert.Equal(4, report.Phases.Count);
    }
}
