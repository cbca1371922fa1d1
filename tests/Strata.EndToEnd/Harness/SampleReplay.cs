using System.Diagnostics;
using System.Text.Json;

namespace Strata.EndToEnd.Harness;

/// <summary>The README's first command with <c>--once</c>: ends by itself, and its figures hold with a margin.</summary>
[Trait("height", "system")]
public sealed class SampleReplay
{
    [Fact]
    public async Task Once_BeyondTheSample_HitsFarAbovePopularityAndLayersLikeTheTopicsAllAlong()
    {
        using var summary = await RunAsync("--events", "50000");

        double Figure(string name) => summary.RootElement.GetProperty(name).GetDouble();
        Assert.True(Figure("events") >= 50_000);
        Assert.True(Figure("hit_rate_10_popularity") > 0.02, "the yardstick itself must mean something");
        Assert.True(
            Figure("hit_rate_10") >= 2.5 * Figure("hit_rate_10_popularity"),
            $"hit rate {Figure("hit_rate_10")} against popularity {Figure("hit_rate_10_popularity")}");
        AssertSeries(summary, [14_000, 50_000], below: .04);
    }

    [Fact]
    public async Task Once_OneUserClicksTwentyItemsAndTheOthersSearch_LayersStayTheTopics()
    {
        using var summary = await RunAsync("--events", "6000", "--hostile", "20000", "--searches", "0.9");

        AssertSeries(summary, [6_000], below: .05);
    }

    [Fact]
    public async Task Once_CatalogueComesInPartsAndIsReplaced_LayersAreTheNewTopicsSoonAfter()
    {
        using var summary = await RunAsync("--events", "6000", "--arrival", "10", "--arrival-pause", "1", "--replace-at", "4000");

        AssertSeries(summary, [6_000], below: .05);
    }

    /// <summary>Layers and slates at each moment, each with a margin beside what is aimed at.</summary>
    /// <param name="below">How much less than a fresh seeding the layers may agree with the topics.</param>
    private static void AssertSeries(JsonDocument summary, int[] events, double below)
    {
        var series = summary.RootElement.GetProperty("series").EnumerateArray().ToList();
        Assert.Equal(events, series.Select(row => row.GetProperty("events").GetInt32()));
        Assert.Multiple([.. series.SelectMany(row => Claims(row, below))]);
    }

    private static IEnumerable<Action> Claims(JsonElement row, double below)
    {
        double Figure(string name) => row.GetProperty(name).GetDouble();
        void Claim(string what, bool holds) => Assert.True(holds, $"{what}: {row}");
        yield return () => Claim("topics apart in a fresh seeding", Figure("nmi_batch") > .7);
        yield return () => Claim("layers as a fresh seeding", Figure("nmi") >= Figure("nmi_batch") - below);
        yield return () => Claim("searches as items", Figure("nmi_searches") >= .85 * Figure("nmi"));
        yield return () => Claim("no weight on layers without items", Figure("empty_layer_share") <= .02);
        yield return () => Claim("slates of the topic after five clicks", Figure("click_slate_share") >= .65);
    }

    private static async Task<JsonDocument> RunAsync(params string[] switches)
    {
        var file = Path.GetTempFileName();
        string[] command =
            [Path.Combine(AppContext.BaseDirectory, "Strata.Local.dll"), "--once", "--port", "0", "--summary", file, .. switches];
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
        var summary = JsonDocument.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        File.Delete(file);
        return summary;
    }
}
