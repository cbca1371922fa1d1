using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Strata.Contracts;
using Strata.Contracts.DeadLetters.V1;
using Strata.Contracts.Policy.V1;
using Strata.Local.Hosting;
using Strata.RankingModel;
using Strata.Streaming.Publishing;

namespace Strata.EndToEnd.Pages;

/// <summary>The page drawn by a real browser, from a running system.</summary>
[Trait("height", "system")]
public sealed class ConsoleInABrowser
{
    private const string Markup = "<img src=x onerror=\"document.title='taken over'\">";

    [Fact]
    public async Task Page_WithMarkupInATitle_ShowsItAsText()
    {
        Browser.RequireOne();
        await using var system = await LocalSystem.StartAsync(
            new LocalSettings { Port = 0 },
            _ => { },
            TestContext.Current.CancellationToken);
        await system.ReadyAsync(_ => { }, TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = system.Addresses.Http };
        var items = Enumerable.Range(1, 12)
            .Select(number => new { itemId = $"item-{number}", title = $"{Markup} {number}", description = "A kettle that pours tea." });
        (await http.PostAsJsonAsync("v1/items", new { items }, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        await UntilAsync(http, "v1/users/ann/recommendations?dryRun=true", "onerror");

        var drawn = await Browser.DrawAsync(new Uri(system.Addresses.Http, "#user=ann"));

        Assert.Contains("&lt;img src=x onerror=", drawn, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", drawn, StringComparison.Ordinal);
        Assert.Contains("<title>Strata</title>", drawn, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_ForOperators_ShowTheLastHourAndDeadLetters()
    {
        Browser.RequireOne();
        await using var system = await LocalSystem.StartAsync(
            new LocalSettings { Port = 0 }, _ => { }, TestContext.Current.CancellationToken);
        await system.ReadyAsync(_ => { }, TestContext.Current.CancellationToken);
        var letter = new DeadLetter { Topic = Topics.Events, Value = ByteString.CopyFrom(0xff), Reason = $"a reason {Markup}" };
        await system.Services.GetRequiredService<IPublisher>()
            .PublishAsync(
                Topics.DeadLettersOf(Topics.Events),
                "ann",
                letter,
                TimeProvider.System.GetUtcNow(),
                TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = system.Addresses.Http };

        await UntilAsync(http, "console/history?after=0", "\"broker\",\"values\":\\[[^\\]]*\\b1\\b"); // a row each five seconds
        var letters = await Browser.DrawAsync(new Uri(system.Addresses.Http, "#page=letters"));
        var now = await Browser.DrawAsync(new Uri(system.Addresses.Http, "#page=now"));
        using var listed = JsonDocument.Parse(await http.GetStringAsync("console/letters", TestContext.Current.CancellationToken));
        var id = listed.RootElement[0].GetProperty("id").GetString();
        using var discarded = await http.PostAsJsonAsync(
            "console/letters/discard", new { ids = new[] { id } }, TestContext.Current.CancellationToken);
        var settled = await Browser.DrawAsync(new Uri(system.Addresses.Http, "#page=letters"));

        Assert.Contains("1 letter waits.", letters, StringComparison.Ordinal);
        Assert.Contains("a reason &lt;img", letters, StringComparison.Ordinal);
        Assert.Contains("<canvas", now, StringComparison.Ordinal);
        Assert.All(
            ["Taken in", "Behind, by consumer", "Behind, by consumer and partition", "scope=\"row\">clustering-points<", "broker 1"],
            words => Assert.Contains(words, now, StringComparison.Ordinal));
        Assert.All([letters, now, settled], page => Assert.Matches("id=\"fault\"[^>]*hidden", page));
        Assert.True(discarded.IsSuccessStatusCode);
        Assert.Contains("Nothing waits.", settled, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_OfPolicies_ShowsVersionsAndClickRatesByLayer()
    {
        Browser.RequireOne();
        await using var system = await LocalSystem.StartAsync(
            new LocalSettings { Port = 0 }, _ => { }, TestContext.Current.CancellationToken);
        await system.ReadyAsync(_ => { }, TestContext.Current.CancellationToken);
        var policy = new Policy { Name = "default", Schema = FeatureSchema.Version, Steps = 12, Clicks = 30, Shown = 400 };
        policy.Layers.Add(new Policy.Types.LayerRate { LayerId = 77, Clicks = 10, Shown = 100 });
        foreach (var (key, version) in new[] { ("default@0", 41ul), ("default", 1_000_041ul) })
        {
            policy.Version = version;
            await system.Services.GetRequiredService<IPublisher>().PublishAsync(
                Topics.Policy, key, policy, TimeProvider.System.GetUtcNow(), TestContext.Current.CancellationToken);
        }

        using var http = new HttpClient { BaseAddress = system.Addresses.Http };
        await UntilAsync(http, "v1/policies", "\"version\":\"?1000041.*\"version\":\"?41\\b");
        var drawn = await Browser.DrawAsync(new Uri(system.Addresses.Http, "#page=policy"));

        Assert.Contains("Version 1000041 is in force", drawn, StringComparison.Ordinal);
        Assert.Contains("aria-label=\"Roll back to version 41\"", drawn, StringComparison.Ordinal);
        Assert.Matches("layer 77</span>.*>10 %<.*>5.4 % to 18 %<", drawn);
        Assert.Contains("Positions shown, by how they were filled", drawn, StringComparison.Ordinal);
        Assert.Matches("id=\"fault\"[^>]*hidden", drawn);
    }

    [Fact]
    public async Task Page_OfAUsersTimeline_SaysWhatTheyDidAndWhereItWent()
    {
        Browser.RequireOne();
        await using var system = await LocalSystem.StartAsync(
            new LocalSettings { Port = 0 }, _ => { }, TestContext.Current.CancellationToken);
        await system.ReadyAsync(_ => { }, TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = system.Addresses.Http };
        var items = Enumerable.Range(1, 3).Select(number => new { itemId = $"item-{number}", title = $"{Markup} lamp {number}" });
        (await http.PostAsJsonAsync("v1/items", new { items }, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        await UntilAsync(http, "v1/users/ann/recommendations?dryRun=true", "lamp 1.*lamp 2.*lamp 3|lamp 3.*lamp 2.*lamp 1|lamp 2");
        object[] acts =
        [
            new { userId = "ann", kind = "EVENT_KIND_CLICK", itemId = "item-2", eventTime = "2026-03-02T10:00:00Z" },
            new { userId = "ann", kind = "EVENT_KIND_LIKE", itemId = "item-2", eventTime = "2026-03-02T10:05:06Z" },
            new { userId = "ann", kind = "EVENT_KIND_SEARCH", query = "brass lamp", eventTime = "2026-03-02T10:07:08Z" },
        ];
        foreach (var act in acts)
        {
            (await http.PostAsJsonAsync("v1/events", act, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        }

        await UntilAsync(http, "v1/users/ann", "brass lamp.*\"events\":\"?3");
        var drawn = await Browser.DrawAsync(new Uri(system.Addresses.Http, "#page=timeline&user=ann"));
        var nobody = await Browser.DrawAsync(new Uri(system.Addresses.Http, "#page=timeline&user=bob"));

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
        await using var system = await LocalSystem.StartAsync(settings, _ => { }, TestContext.Current.CancellationToken);

        var empty = await Browser.DrawAsync(new Uri(system.Addresses.Http, "#page=evaluation"));
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "ranking.json"),
            $$"""{"event_count":141755,"methods":[{"name":{{JsonSerializer.Serialize(Markup)}},"ndcg10":0.123456}]}""",
            TestContext.Current.CancellationToken);
        var drawn = await Browser.DrawAsync(new Uri(system.Addresses.Http, "#page=evaluation"));
        folder.Delete(recursive: true);

        Assert.Contains($"No run lies in {folder.FullName} yet", empty, StringComparison.Ordinal);
        Assert.Matches("ranking.json.*<dt>event count</dt><dd>141,755</dd>.*aria-label=\"methods\".*&lt;img.*0.1235", drawn);
        Assert.DoesNotContain("<img", drawn, StringComparison.Ordinal);
        Assert.All([empty, drawn], page => Assert.Matches("id=\"fault\"[^>]*hidden", page));
    }

    private static async Task UntilAsync(HttpClient http, string address, string pattern)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!Regex.IsMatch(await http.GetStringAsync(address, TestContext.Current.CancellationToken), pattern))
        {
            await tick.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
