using System.Globalization;
using System.Net.Http.Json;
using Microsoft.Playwright;
using Strata.Local.Sample;

namespace Strata.EndToEnd.Pages;

/// <summary>
/// The console beside fifty events a second, drawing some fifty updates a second, does not grow: its heap after a forced collection, its
/// nodes, its listeners. Half a minute, or as long as STRATA_PAGE_MINUTES says.
/// </summary>
[Collection(OnPages.Name)]
[Trait("height", "system")]
public sealed class HeapOfThePage(PageSystem system)
{
    private const int Looks = 10;
    private const double Growth = 1.1;

    // Polls come after 1 s or 5 s; here after some ms, and each call but the history is asked of the system once a second. In between its
    // last answer comes again with its lists turned by one, so that every update changes what is drawn.
    private const string Hurry =
        """
        const [later, ask, answers] = [window.setTimeout, window.fetch, new Map()];
        window.setTimeout = (what, ms, ...more) => later(what, ms === 1000 || ms === 5000 ? 10 : ms, ...more);
        window.polls = 0;
        const turned = text => {
            const answer = JSON.parse(text);
            for (const list of [answer.items, answer.layers, answer.places, answer]) {
                if (Array.isArray(list) && list.length) {
                    list.push(list.shift());
                }
            }
            return JSON.stringify(answer);
        };
        window.fetch = async (path, how) => {
            const past = path.startsWith('/console/history');
            window.polls += path === '/console/now' || past ? 1 : 0;
            const last = answers.get(path);
            if (past || !last) {
                const answer = await ask(path, how);
                if (!past && answer.ok) {
                    answers.set(path, { at: performance.now(), text: await answer.clone().text() });
                }
                return answer;
            }
            if (performance.now() - last.at > 1_000) {
                last.at = performance.now();
                ask(path, how).then(answer => answer.text()).then(text => { last.text = text; }, () => {});
            }
            last.text = turned(last.text);
            return new Response(last.text);
        };
        """;

    private static readonly string[] Pages = ["layers", "now"];

    private static readonly TimeSpan Long = TimeSpan.FromMinutes(
        double.TryParse(Environment.GetEnvironmentVariable("STRATA_PAGE_MINUTES"), CultureInfo.InvariantCulture, out var minutes)
            ? minutes
            : 0.5);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Page_WithFiftyUpdatesASecond_DoesNotGrow()
    {
        Browser.RequireOne();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var events = SendAsync(ending.Token);
        var pages = await Task.WhenAll(Pages.Select(OpenAsync));
        var looks = Pages.Select(_ => new List<Look>()).ToArray();
        for (var look = 0; look <= Looks; look++)
        {
            await Task.Delay(Long / (Looks + 1), Cancel);
            for (var page = 0; page < pages.Length; page++)
            {
                looks[page].Add(await LookAsync(pages[page]));
            }
        }

        var polls = await Task.WhenAll(pages.Select(page => page.EvaluateAsync<int>("window.polls")));
        var faults = await Task.WhenAll(pages.Select(page => page.Locator("#fault").IsVisibleAsync()));
        await ending.CancelAsync();
        var told = TestContext.Current.TestOutputHelper;
        told?.WriteLine($"{Long.TotalMinutes} minutes, {await events / Long.TotalSeconds:F1} events/s");
        for (var page = 0; page < pages.Length; page++)
        {
            told?.WriteLine($"{Pages[page]}: {polls[page] / Long.TotalSeconds:F1} updates/s; {string.Join("; ", looks[page])}");
            await pages[page].Context.CloseAsync();
        }

        Assert.All(faults, Assert.False);
        Assert.All(polls, count => Assert.True(count > Long.TotalSeconds, $"{count} updates only"));
        Assert.All(looks, AssertFlat);
    }

    /// <summary>The least of the last three looks beside that of the second to the fourth: an answer under way is no growth.</summary>
    private static void AssertFlat(List<Look> looks)
    {
        var (first, last) = (looks[1..4], looks[^3..]);
        AssertFlat(look => look.Heap, 0.5);
        AssertFlat(look => look.Nodes, 100);
        AssertFlat(look => look.Listeners, 100);

        void AssertFlat(Func<Look, double> of, double slack)
            => Assert.True(last.Min(of) <= (first.Min(of) * Growth) + slack, string.Join("; ", looks));
    }

    private async Task<IPage> OpenAsync(string name)
    {
        var page = await system.Browser.OpenAsync(new Uri("about:blank"));
        await page.AddInitScriptAsync(Hurry);
        await page.GotoAsync(system.At(name).AbsoluteUri);
        return page;
    }

    private static async Task<Look> LookAsync(IPage page)
    {
        var tools = await page.Context.NewCDPSessionAsync(page);
        await tools.SendAsync("Performance.enable");
        await tools.SendAsync("HeapProfiler.collectGarbage");
        var metrics = (await tools.SendAsync("Performance.getMetrics"))!.Value.GetProperty("metrics").EnumerateArray()
            .ToDictionary(one => one.GetProperty("name").GetString()!, one => one.GetProperty("value").GetDouble());
        await tools.DetachAsync();
        return new Look(metrics["JSHeapUsedSize"] / 1e6, metrics["Nodes"], metrics["JSEventListeners"]);
    }

    /// <summary>Fifty events a second of twenty users; how many were taken in.</summary>
    private async Task<int> SendAsync(CancellationToken ending)
    {
        var items = SampleCatalogue.Load().Items;
        var sent = 0;
        try
        {
            using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            for (var count = 0; await tick.WaitForNextTickAsync(ending); count++)
            {
                var user = count % 5 == 0 ? PageSystem.User : $"user-{count % 20}";
                using var answer = await system.Http.PostAsJsonAsync(
                    "v1/events", new { userId = user, kind = "EVENT_KIND_CLICK", itemId = items[count * 7 % items.Count].ItemId }, ending);
                sent += answer.IsSuccessStatusCode ? 1 : 0;
            }
        }
        catch (OperationCanceledException)
        {
            // The measure is over.
        }

        return sent;
    }

    /// <summary>A page after a forced collection.</summary>
    /// <param name="Heap">MB in use.</param>
    /// <param name="Nodes">Nodes of documents.</param>
    /// <param name="Listeners">Listeners of events.</param>
    private sealed record Look(double Heap, double Nodes, double Listeners)
    {
        public override string ToString()
            => string.Create(CultureInfo.InvariantCulture, $"{Heap:F1} MB, {Nodes} nodes, {Listeners} listeners");
    }
}
