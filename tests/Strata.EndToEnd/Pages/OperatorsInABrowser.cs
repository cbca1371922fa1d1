using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Strata.Contracts;
using Strata.Contracts.Policy.V1;
using Strata.Local.Hosting;
using Strata.RankingModel;
using Strata.Streaming.Publishing;

namespace Strata.EndToEnd.Pages;

/// <summary>The pages of policies, of a user's timeline and of evaluations, drawn by a real browser from a running system.</summary>
[Trait("height", "system")]
public sealed class OperatorsInABrowser(Browser browser) : IClassFixture<Browser>
{
    private const string Markup = "<img src=x onerror=\"document.title='taken over'\">";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Page_OfPolicies_ShowsVersionsAndClickRatesByLayer()
    {
        Browser.RequireOne();
        await using var system = await LocalSystem.StartAsync(
            new LocalSettings { Port = 0 }, _ => { }, Cancel);
        await system.ReadyAsync(_ => { }, Cancel);
        var policy = new Policy { Name = "default", Schema = FeatureSchema.Version, Steps = 12, Clicks = 30, Shown = 400 };
        policy.Layers.Add(new Policy.Types.LayerRate { LayerId = 77, Clicks = 10, Shown = 100 });
        foreach (var (key, version) in new[] { ("default@0", 41ul), ("default", 1_000_041ul) })
        {
            policy.Version = version;
            await system.Services.GetRequiredService<IPublisher>().PublishAsync(
                Topics.Policy, key, policy, TimeProvider.System.GetUtcNow(), Cancel);
        }

        using var http = new HttpClient { BaseAddress = system.Addresses.Http };
        await Browser.UntilAsync(http, "v1/policies", "\"version\":\"?1000041.*\"version\":\"?41\\b");
        var page = await browser.OpenAsync(new Uri(system.Addresses.Http, "#page=policy"), width: 400, dark: true);
        var drawn = await Browser.UntilAsync(page, "layer 77.*Positions shown, by how");
        var grave = await Browser.GraveAsync(page);
        await page.Context.CloseAsync();

        Assert.Contains("Version 1000041 is in force", drawn, StringComparison.Ordinal);
        Assert.Contains("aria-label=\"Roll back to version 41\"", drawn, StringComparison.Ordinal);
        Assert.Matches("layer 77</span>.*>10 %<.*>5.4 % to 18 %<", drawn);
        Assert.Contains("Positions shown, by how they were filled", drawn, StringComparison.Ordinal);
        Assert.Empty(grave);
        Assert.Matches("id=\"fault\"[^>]*hidden", drawn);
    }

    [Fact]
    public async Task Page_OfAUsersTimeline_SaysWhatTheyDidAndWhereItWent()
    {
        Browser.RequireOne();
        await using var system = await LocalSystem.StartAsync(
            new LocalSettings { Port = 0 }, _ => { }, Cancel);
        await system.ReadyAsync(_ => { }, Cancel);
        using var http = new HttpClient { BaseAddress = system.Addresses.Http };
        var items = Enumerable.Range(1, 3).Select(number => new { itemId = $"item-{number}", title = $"{Markup} lamp {number}" });
        (await http.PostAsJsonAsync("v1/items", new { items }, Cancel)).EnsureSuccessStatusCode();
        await Browser.UntilAsync(http, "v1/users/ann/recommendations?dryRun=true", "lamp 1.*lamp 2.*lamp 3|lamp 3.*lamp 2.*lamp 1|lamp 2");
        object[] acts =
        [
            new { userId = "ann", kind = "EVENT_KIND_CLICK", itemId = "item-2", eventTime = "2026-03-02T10:00:00Z" },
            new { userId = "ann", kind = "EVENT_KIND_LIKE", itemId = "item-2", eventTime = "2026-03-02T10:05:06Z" },
            new { userId = "ann", kind = "EVENT_KIND_SEARCH", query = "brass lamp", eventTime = "2026-03-02T10:07:08Z" },
        ];
        foreach (var act in acts)
        {
            (await http.PostAsJsonAsync("v1/events", act, Cancel)).EnsureSuccessStatusCode();
        }

        await Browser.UntilAsync(http, "v1/users/ann", "brass lamp.*\"events\":\"?3");
        var drawn = await browser.DrawAsync(new Uri(system.Addresses.Http, "#page=timeline&user=ann"), "brass lamp.*lamp 2");
        var nobody = await browser.DrawAsync(new Uri(system.Addresses.Http, "#page=timeline&user=bob"), "Nothing is held");

        Assert.Contains("3 events of ann, the last 2 Mar 2026, 10:07:08 UTC.", drawn, StringComparison.Ordinal);
        Assert.Matches("brass lamp.*searched.*lamp 2</strong>.*2 Mar 2026, 10:05:06 UTC.*clicked, liked, 2 times in all", drawn);
        Assert.DoesNotContain("<img", drawn, StringComparison.Ordinal);
        Assert.Contains("Nothing is held of bob.", nobody, StringComparison.Ordinal);
        Assert.All([drawn, nobody], page => Assert.Matches("id=\"fault\"[^>]*hidden", page));
    }

    [Fact]
    public async Task Page_OfEvaluations_ShowsTheNewestRunAsATable()
    {
        Browser.RequireOne();
        var folder = Directory.CreateTempSubdirectory("strata-console-");
        var settings = new LocalSettings
        {
            Port = 0,
            Overrides = new Dictionary<string, string?> { ["Console:Evaluations"] = folder.FullName },
        };
        await using var system = await LocalSystem.StartAsync(settings, _ => { }, Cancel);

        var empty = await browser.DrawAsync(new Uri(system.Addresses.Http, "#page=evaluation"), "No run lies in");
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "ranking.json"),
            $$"""{"event_count":141755,"methods":[{"name":{{JsonSerializer.Serialize(Markup)}},"ndcg10":0.123456}]}""",
            Cancel);
        var drawn = await browser.DrawAsync(new Uri(system.Addresses.Http, "#page=evaluation"), "0.1235");
        folder.Delete(recursive: true);

        Assert.Contains($"No run lies in {folder.FullName} yet", empty, StringComparison.Ordinal);
        Assert.Matches("ranking.json.*<dt>event count</dt><dd>141,755</dd>.*aria-label=\"methods\".*&lt;img.*0.1235", drawn);
        Assert.DoesNotContain("<img", drawn, StringComparison.Ordinal);
        Assert.All([empty, drawn], page => Assert.Matches("id=\"fault\"[^>]*hidden", page));
    }
}
