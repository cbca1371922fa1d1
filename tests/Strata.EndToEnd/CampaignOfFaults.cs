using Strata.Chaos;

namespace Strata.EndToEnd;

/// <summary>
/// Most of a deck of the campaign's faults on a real broker and a real Redis, with short outages; the seed draws which. What
/// is promised during it and after it: infra/handbook/campaign.md.
/// </summary>
[Collection(Alone.Name)]
[Trait("height", "system")]
public sealed class CampaignOfFaults(ITestOutputHelper output)
{
    /// <summary>Some seven minutes on two cores.</summary>
    private const int Faults = 30;

    [Fact]
    public async Task Campaign_OfThirtyFaults_BreaksNoPromise()
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
