extern alias packaged;

using System.Text;
using packaged::Strata.Client;
using packaged::Strata.Contracts.Catalog.V1;
using packaged::Strata.Contracts.Events.V1;
using packaged::Strata.Contracts.Ingestion.V1;
using packaged::Strata.Contracts.Ranking.V1;

namespace Strata.EndToEnd.Harness;

/// <summary>A shop of lamps and kettles, events that come into it by each way that there is, and the slates that follow them.</summary>
/// <param name="http">Where Ingestion takes JSON.</param>
/// <param name="strata">The package's client.</param>
internal sealed class WaysInSteps(Uri http, StrataClient strata)
{
    private const int OfAKind = 12;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Puts the items, and waits until slates have them.</summary>
    public async Task PutItemsAsync()
    {
        var items = Enumerable.Range(0, OfAKind).SelectMany(number => new[]
        {
            new Item { ItemId = $"lamp-{number}", Title = $"Brass reading lamp number {number} with a warm light" },
            new Item { ItemId = $"kettle-{number}", Title = $"Steel water kettle number {number} for the stove" },
        });
        Assert.Equal(2 * OfAKind, await strata.Items.PutAsync(items, Cancel));
        while ((await SlateAsync("nobody", "")).Items.Count < 2 * OfAKind)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), Cancel);
        }
    }

    /// <summary>By the package's sender, which also says what was refused.</summary>
    public async Task ByClientAsync()
    {
        await using var events = strata.CreateEventSender();

        var click = await events.SendAsync(new UserEvent { UserId = "ann", Kind = EventKind.Click, ItemId = "lamp-3" }, Cancel);
        var refused = await events.SendAsync(new UserEvent { UserId = "ann", Kind = EventKind.Click }, Cancel);

        Assert.True(click.IsAccepted, click.Message);
        Assert.False(refused.IsAccepted);
        Assert.Equal("event.item_id", refused.Field);
        await FollowsAsync("ann", "lamp-3", click.AsOf);
    }

    /// <summary>As lines of JSON, of which one is refused.</summary>
    public async Task ByLinesAsync()
    {
        var answer = await PostAsync(
            "v1/events:batch",
            "application/x-ndjson",
            """
            {"userId":"bob","kind":"click","itemId":"kettle-2"}
            {"userId":"bob","kind":"click"}
            """);

        var lines = answer.TrimEnd().Split('\n').Select(PublishEventsResponse.Parser.ParseJson).ToList();
        Assert.Equal("event.item_id", lines[1].Rejected.Field);
        await FollowsAsync("bob", "kettle-2", lines[0].Accepted.AsOf);
    }

    /// <summary>As a CloudEvent in structured mode.</summary>
    public async Task ByCloudEventAsync()
    {
        var answer = await PostAsync(
            "v1/cloudevents",
            "application/cloudevents+json",
            """
            {"specversion":"1.0","id":"e-1","source":"/shop","type":"org.example.click","subject":"cleo","data":{"itemId":"lamp-5"}}
            """);

        await FollowsAsync("cleo", "lamp-5", PublishEventResponse.Parser.ParseJson(answer).AsOf);
    }

    /// <summary>As a CloudEvent in binary mode, whose attributes are headers.</summary>
    public async Task ByCloudEventInHeadersAsync()
    {
        var answer = await PostAsync(
            "v1/cloudevents",
            "application/json",
            """{"userId":"dan","itemId":"kettle-7"}""",
            ("ce-specversion", "1.0"),
            ("ce-id", "e-2"),
            ("ce-source", "/shop"),
            ("ce-type", "click"));

        await FollowsAsync("dan", "kettle-7", PublishEventResponse.Parser.ParseJson(answer).AsOf);
    }

    private async Task<string> PostAsync(string path, string type, string body, params (string Name, string Value)[] headers)
    {
        using var client = new HttpClient { BaseAddress = http };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative));
        request.Content = new StringContent(body, Encoding.UTF8, type);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var answer = await client.SendAsync(request, Cancel);
        var said = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True(answer.IsSuccessStatusCode, said);
        return said;
    }

    private async Task FollowsAsync(string user, string itemId, string asOf)
    {
        var before = await SlateAsync(user + "-who-did-nothing", "");
        var slate = await SlateAsync(user, asOf);

        Assert.Contains(before.Items, item => item.ItemId == itemId);
        Assert.DoesNotContain(slate.Items, item => item.ItemId == itemId);
        Assert.DoesNotContain(before.Items, item => item.Reason.BecauseOf.Count > 0);
        Assert.Contains(slate.Items, item => item.Reason.BecauseOf.Contains(itemId));
        Assert.StartsWith(itemId.Split('-')[0], slate.Items[0].ItemId, StringComparison.Ordinal);
    }

    private async Task<RecommendResponse> SlateAsync(string user, string asOf)
        => await strata.Ranking.RecommendAsync(
            new RecommendRequest { UserId = user, Count = 100, AsOf = asOf, DryRun = true }, cancellationToken: Cancel);
}
