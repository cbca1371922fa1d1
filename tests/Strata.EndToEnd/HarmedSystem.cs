using Strata.Chaos.Stack;
using Strata.Testing;
using Strata.Testing.Stores;

namespace Strata.EndToEnd;

/// <summary>What runs of <c>strata chaos</c> need, with a folder that goes with the test.</summary>
internal sealed class HarmedSystem : IDisposable
{
    private readonly DirectoryInfo _work = Directory.CreateTempSubdirectory("strata-harmed-");

    private HarmedSystem(string script) => Options = new CampaignOptions
    {
        Faults = 0,
        Seed = Seed,
        Kafka = script,
        Work = _work.FullName,
    };

    public CampaignOptions Options { get; }

    private static int Seed => int.TryParse(Environment.GetEnvironmentVariable("STRATA_CAMPAIGN_SEED"), out var seed) ? seed : 16;

    /// <summary>Skips the test where something is missing.</summary>
    public static HarmedSystem Require()
    {
        var script = SharedFolder.Find() is { } shared ? Path.Combine(shared, "kafka", "kafka") : "";
        Assert.SkipUnless(File.Exists(script), "no script that starts and harms brokers (shared/kafka/kafka)");
        Assert.SkipUnless(OnPath("java"), "no java on the PATH");
        Assert.SkipUnless(RedisServerStore.IsAvailable, "no redis-server on the PATH");
        return new HarmedSystem(script);
    }

    public void Dispose() => _work.Delete(recursive: true);

    private static bool OnPath(string program)
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, program)));
}
