using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Strata.EndToEnd.Pages;

/// <summary>A real browser, where the machine has one: its own Chromium, driven by Playwright.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly string[] Grave = ["serious", "critical"];

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    private static readonly string? Program = Names
        .SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    private IPlaywright? _playwright;
    private IBrowser? _chromium;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Skips the test where there is none.</summary>
    internal static void RequireOne() => Assert.SkipWhen(Program is null, $"none of {string.Join(", ", Names)} is on the PATH");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (Program is null)
        {
            return;
        }

        _playwright = await Playwright.CreateAsync();
        _chromium = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Program,
            Args = ["--no-sandbox", "--disable-dev-shm-usage", "--force-color-profile=srgb"],
        });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await (_chromium?.DisposeAsync() ?? ValueTask.CompletedTask);
        _playwright?.Dispose();
    }

    /// <summary>A page, opened. Whoever opens it closes its context.</summary>
    internal async Task<IPage> OpenAsync(Uri address, int width = 1280, bool dark = false)
    {
        var context = await _chromium!.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = 900 },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout((float)Patience.TotalMilliseconds);
        var page = await context.NewPageAsync();
        await page.GotoAsync(address.AbsoluteUri);
        return page;
    }

    /// <summary>What axe finds that is serious or critical.</summary>
    internal static async Task<IReadOnlyList<string>> GraveAsync(IPage page)
    {
        var found = await page.RunAxe();
        Assert.NotEmpty(found.Passes);
        return [.. found.Violations.Where(one => Grave.Contains(one.Impact)).Select(one => $"{one.Id}: {one.Nodes[0].Html}")];
    }

    /// <summary>The document once it looks like a pattern, or as it is when the patience is at its end.</summary>
    internal async Task<string> DrawAsync(Uri address, string pattern)
    {
        var page = await OpenAsync(address);
        var drawn = await UntilAsync(page, pattern);
        await page.Context.CloseAsync();
        return drawn;
    }

    /// <summary>The same of a page that is open.</summary>
    internal static async Task<string> UntilAsync(IPage page, string pattern)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var drawn = await page.ContentAsync();
            if (TimeProvider.System.GetElapsedTime(start) > Patience || Regex.IsMatch(drawn, pattern, RegexOptions.Singleline))
            {
                return drawn;
            }

            await tick.WaitForNextTickAsync(Cancel);
        }
    }

    /// <summary>Asks until the answer looks like a pattern.</summary>
    internal static async Task UntilAsync(HttpClient http, string address, string pattern)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var start = TimeProvider.System.GetTimestamp();
        for (var answer = ""; !Regex.IsMatch(answer, pattern); answer = await http.GetStringAsync(address, Cancel))
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(start) < Patience, $"{address} does not become like {pattern}: {answer}");
            await tick.WaitForNextTickAsync(Cancel);
        }
    }
}
