using System.Diagnostics;
using System.Text.Json;

namespace Strata.EndToEnd;

/// <summary>The README's first command with <c>--once</c>: ends by itself, and its figures hold with a margin.</summary>
[Trait("height", "system")]
public sealed class SampleReplay
{
    [Fact]
    public async Task Once_EndsWithAHitRateFarAbovePopularityAndLayersLikeTheTopics()
    {
        var file = Path.GetTempFileName();
        string[] command = [Path.Combine(AppContext.BaseDirectory, "Strata.Local.dll"), "--once", "--port", "0", "--summary", file];
        using var process = Process.Start(new ProcessStartInfo("dotnet", command)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine(await output + await errors);

        Assert.Equal(0, process.ExitCode);
        using var summary = JsonDocument.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        double Figure(string name) => summary.RootElement.GetProperty(name).GetDouble();
        Assert.True(Figure("events") >= 14_000);
        Assert.True(Figure("hit_rate_10_popularity") > 0.02, "the yardstick itself must mean something");
        Assert.True(
            Figure("hit_rate_10") >= 2.5 * Figure("hit_rate_10_popularity"),
            $"hit rate {Figure("hit_rate_10")} against popularity {Figure("hit_rate_10_popularity")}");
        Assert.True(Figure("nmi") >= Figure("nmi_batch") - 0.04, $"NMI {Figure("nmi")} against batch {Figure("nmi_batch")}");
        File.Delete(file);
    }
}
