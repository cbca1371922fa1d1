using Strata.Chaos;

namespace Strata.EndToEnd;

/// <summary>
/// Half a deck of the campaign's faults on a real broker and a real Redis, with short outages; the seed draws which. What
/// is promised during it and after it: infra/handbook/campaign.md.
/// </summary>
[Trait("height", "system")]
public sealed class CampaignOfFaults(ITestOutputHelper output)
{
    /// <summary>Thirty take ten minutes on two busy cores.</summary>
    private const int Faults = 15;

    [Fact]
    public async Task Campaign_OfHalfADeck_BreaksNoPromise()
    {
        using var system = HarmedSystem.Require();

        var report = await new Campaign(
            system.Options with { Faults = Faults, LongestOutage = TimeSpan.FromSeconds(3) },
            output.WriteLine).RunAsync(TestContext.Current.CancellationToken);

        Assert.Empty(report.Violations);
        Assert.Equal(0, report.Lost);
        Assert.Equal(Faults, report.Faults.Count);
        Assert.True(report.SlatesAnswered > 0);
    }
}
