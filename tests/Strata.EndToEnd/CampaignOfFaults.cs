using Strata.Chaos;
using Strata.Chaos.Stack;
using Strata.Testing;
using Strata.Testing.Stores;

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

    private static int Seed => int.TryParse(Environment.GetEnvironmentVariable("STRATA_CAMPAIGN_SEED"), out var seed) ? seed : 16;

    [Fact]
    public async Task Campaign_OfHalfADeck_BreaksNoPromise()
    {
        var script = SharedFolder.Find() is { } shared ? Path.Combine(shared, "kafka", "kafka") : "";
        Assert.SkipUnless(File.Exists(script), "no script that starts and harms brokers (shared/kafka/kafka)");
        Assert.SkipUnless(OnPath("java"), "no java on the PATH");
        Assert.SkipUnless(RedisServerStore.IsAvailable, "no redis-server on the PATH");
        var work = Directory.CreateTempSubdirectory("strata-campaign-");
        try
        {
            var report = await new Campaign(
                new CampaignOptions
                {
                    Faults = Faults,
                    Seed = Seed,
                    Kafka = script,
                    Work = work.FullName,
                    LongestOutage = TimeSpan.FromSeconds(3),
                },
                output.WriteLine).RunAsync(TestContext.Current.CancellationToken);

            Assert.Empty(report.Violations);
            Assert.Equal(0, report.Lost);
            Assert.Equal(Faults, report.Faults.Count);
            Assert.True(report.SlatesAnswered > 0);
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private static bool OnPath(string program)
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, program)));
}
