using System.Net.Http.Json;
using System.Text.Json;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Strata.Contracts;
using Strata.Contracts.DeadLetters.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;
using Strata.Local.Hosting;
using Strata.ServiceDefaults.State;
using Strata.Streaming.Publishing;

namespace Strata.EndToEnd.Pages;

/// <summary>The page drawn by a real browser, from a running system.</summary>
[Trait("height", "system")]
public sealed class ConsoleInABrowser(Browser browser) : IClassFixture<Browser>
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
        await Browser.UntilAsync(http, "v1/users/ann/recommendations?dryRun=true", "onerror");

        var drawn = await browser.DrawAsync(new Uri(system.Addresses.Http, "#user=ann"), "&lt;img src=x onerror=");

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

        await Browser.UntilAsync(http, "console/history?after=0", "\"broker\",\"values\":\\[[^\\]]*\\b1\\b"); // a row each five seconds
        var letters = await browser.DrawAsync(new Uri(system.Addresses.Http, "#page=letters"), "1 letter waits.*a reason");
        var now = await browser.DrawAsync(new Uri(system.Addresses.Http, "#page=now"), "<canvas.*clustering-points<");
        using var listed = JsonDocument.Parse(await http.GetStringAsync("console/letters", TestContext.Current.CancellationToken));
        var id = listed.RootElement.GetProperty("letters")[0].GetProperty("id").GetString();
        using var discarded = await http.PostAsJsonAsync(
            "console/letters/discard", new { ids = new[] { id } }, TestContext.Current.CancellationToken);
        var settled = await browser.DrawAsync(new Uri(system.Addresses.Http, "#page=letters"), "Nothing waits");

        Assert.Contains("1 letter waits.", letters, StringComparison.Ordinal);
        Assert.Contains("a reason &lt;img", letters, StringComparison.Ordinal);
        Assert.Contains("<canvas", now, StringComparison.Ordinal);
        Assert.All(
            ["Taken in", "Behind, by consumer and partition", "scope=\"row\">clustering-points<", "broker 1"],
            words => Assert.Contains(words, now, StringComparison.Ordinal));
        Assert.All([letters, now, settled], page => Assert.Matches("id=\"fault\"[^>]*hidden", page));
        Assert.True(discarded.IsSuccessStatusCode);
        Assert.Contains("Nothing waits.", settled, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_OfExperiments_ShowsEveryArmAgainstTheBaseline()
    {
        Browser.RequireOne();
        var settings = new Dictionary<string, string?>
        {
            ["Ranking:Experiments:layers:Salt"] = "salt",
            ["Ranking:Experiments:layers:Arms:control:Share"] = "0.4",
            ["Ranking:Experiments:layers:Arms:bold:Share"] = "0.4",
            ["Ranking:Experiments:layers:Arms:new:Share"] = "0.2",
        };
        await using var system = await LocalSystem.StartAsync(
            new LocalSettings { Port = 0, Overrides = settings }, _ => { }, TestContext.Current.CancellationToken);
        await system.ReadyAsync(_ => { }, TestContext.Current.CancellationToken);
        await system.Services.GetRequiredService<IStateStore>().WriteAsync(
            [Counted("control", clicked: 400), Counted("bold", clicked: 700)], [], TestContext.Current.CancellationToken);

        var drawn = await browser.DrawAsync(new Uri(system.Addresses.Http, "#page=experiments"), "too little yet");

        Assert.Matches("control \\(baseline\\)</th><td>40 %</td><td>1,000</td><td>1,000</td><td>400</td><td>0.4000</td><td></td>", drawn);
        Assert.Matches(
            "bold</th><td>40 %</td><td>1,000</td><td>1,000</td><td>700</td><td>0.7000</td>"
                + "<td class=\"against mark up\">\\+0.3000&nbsp;better \\(\\+0.2[0-9]+&nbsp;to&nbsp;\\+0.3[0-9]+\\)</td>",
            drawn);
        Assert.Matches("new</th><td>20 %</td><td>0</td><td>0</td><td>0</td><td>0.0000</td><td>too little yet</td>", drawn);
        Assert.Matches("id=\"fault\"[^>]*hidden", drawn);
    }

    // A thousand users who were shown a slate each.
    private static StateWrite Counted(string arm, ulong clicked)
    {
        var counts = new ArmOutcomes
        {
            Arm = new ExperimentArm { Experiment = "layers", Arm = arm },
            Users = 1_000,
            Slates = 1_000,
            Clicked = clicked,
            Ndcg = clicked / 2.0,
            SlatesSlates = 1_000,
            SlatesClicked = clicked,
            ClickedClicked = clicked,
            ClickedNdcg = clicked / 2.0,
            NdcgNdcg = clicked / 3.0,
            FirstUnixMs = 1_790_000_000_000,
            LastUnixMs = 1_790_000_600_000,
        };
        return new StateWrite(Keys.ArmOutcomes("layers", arm, 0), default, FencedValue.Encode([default], counts));
    }
}
