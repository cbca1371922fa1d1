using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Strata.Local.Hosting;
using Strata.Testing;

namespace Strata.EndToEnd.Pages;

/// <summary>The handbook's page, as it stands there, served from another origin and drawn by a real browser.</summary>
[Trait("height", "system")]
public sealed partial class PageInABrowser(Browser browser) : IClassFixture<Browser>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Page_OfTheHandbook_ShowsSlateReasonsSimilarAndFoundItems()
    {
        Browser.RequireOne();
        using var shop = new HttpListener();
        var origin = $"http://localhost:{FreePort()}";
        shop.Prefixes.Add($"{origin}/");
        shop.Start();
        var serving = ServeAsync(shop);
        var settings = new LocalSettings { Port = 0, Overrides = new Dictionary<string, string?> { ["Access:Origins:0"] = origin } };
        await using var system = await LocalSystem.StartAsync(settings, _ => { }, Cancel);
        await system.ReadyAsync(_ => { }, Cancel);
        await PutAsync(system.Addresses.Http);

        var strata = system.Addresses.Http.GetLeftPart(UriPartial.Authority);
        var drawn = await browser.DrawAsync(
            new Uri($"{origin}/?user=ann&query=kettle&strata={strata}"),
            "id=\"slate\"><li>.*id=\"similar\"><li>.*id=\"found\"><li>");
        shop.Stop();
        await serving;

        Assert.Equal(8, Lines(drawn, "slate").Count);
        Assert.All(Lines(drawn, "slate"), line => Assert.Matches("<a href=\"#\">.+</a><small>.+</small>", line));
        Assert.Equal(5, Lines(drawn, "similar").Count);
        Assert.Matches("<span id=\"chosen\">.+</span>", drawn);
        Assert.Equal(5, Lines(drawn, "found").Count);
        Assert.All(Lines(drawn, "found"), line => Assert.Contains("kettle", line, StringComparison.Ordinal));
    }

    /// <summary>Title, and a slate that has them.</summary>
    private static async Task PutAsync(Uri address)
    {
        using var http = new HttpClient { BaseAddress = address };
        var items = Enumerable.Range(0, 24).Select(number => new
        {
            itemId = $"item-{number}",
            title = number % 2 == 0 ? $"Brass reading lamp {number}" : $"Steel water kettle {number}",
        });
        (await http.PostAsJsonAsync("v1/items", new { items }, Cancel)).EnsureSuccessStatusCode();
        var slate = new Uri("v1/users/nobody/recommendations?dryRun=true&count=100", UriKind.Relative);
        while (Items().Count(await http.GetStringAsync(slate, Cancel)) < 24)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), Cancel);
        }
    }

    private static async Task ServeAsync(HttpListener shop)
    {
        var page = Encoding.UTF8.GetBytes(Html().Match(await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "infra/handbook/page.md"), Cancel)).Groups[1].Value);
        try
        {
            while (true)
            {
                var context = await shop.GetContextAsync();
                context.Response.ContentType = "text/html; charset=utf-8";
                await context.Response.OutputStream.WriteAsync(page, Cancel);
                context.Response.Close();
            }
        }
        catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException && !shop.IsListening)
        {
            // The test has seen enough.
        }
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    private static List<string> Lines(string drawn, string list)
        => [.. Line().Matches(drawn.Split($"<ol id=\"{list}\">", 2)[1].Split("</ol>", 2)[0]).Select(match => match.Value)];

    [GeneratedRegex("^```html\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Html();

    [GeneratedRegex("<li>.*?</li>", RegexOptions.Singleline)]
    private static partial Regex Line();

    [GeneratedRegex("\"itemId\"")]
    private static partial Regex Items();
}
