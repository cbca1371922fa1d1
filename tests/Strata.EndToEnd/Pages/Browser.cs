using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Strata.EndToEnd.Pages;

/// <summary>A real browser, where the machine has one.</summary>
internal static class Browser
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    private static readonly string? Program = Names
        .SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    /// <summary>Skips the test where there is none.</summary>
    public static void RequireOne() => Assert.SkipWhen(Program is null, $"none of {string.Join(", ", Names)} is on the PATH");

    /// <summary>The document after the page has asked some times.</summary>
    public static async Task<string> DrawAsync(Uri page)
    {
        var profile = Directory.CreateTempSubdirectory("strata-console-");
        string[] how = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=4000", "--dump-dom"];
        using var process = Process.Start(new ProcessStartInfo(Program!, [.. how, $"--user-data-dir={profile.FullName}", page.AbsoluteUri])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var drawn = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await errors);
        profile.Delete(recursive: true);
        return drawn;
    }

    /// <summary>Asks until the answer looks like a pattern.</summary>
    public static async Task UntilAsync(HttpClient http, string address, string pattern)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!Regex.IsMatch(await http.GetStringAsync(address, TestContext.Current.CancellationToken), pattern))
        {
            await tick.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
