extern alias packaged;

using System.Text;
using packaged::Strata.Client;
using packaged::Strata.Contracts.Catalog.V1;
using packaged::Strata.Contracts.Events.V1;
using packaged::Strata.Contracts.Ingestion.V1;
using packaged::Strata.Contracts.Ranking.V1;
using Strata.Local.Hosting;

namespace Strata.EndToEnd;

/// <summary>An event comes in by each way that there is, and a slate follows it.</summary>
[Trait("height", "embedded")]
public sealed class WaysIn : IAsyncLifetime
{
    private LocalSystem _system = null!;
    private StrataClient _strata = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _system = await LocalSystem.StartAsync(new LocalSettings { Port = 0 }, _ => { }, Cancel);
        await _system.ReadyAsync(_ => { }, Cancel);
        _strata = new StrataClient(_system.Addresses.Grpc);
        var items = Enumerable.Range(0, 12).SelectMany(number => new[]
        {
            new Item { ItemId = $"lamp-{number}", Title = $"Brass reading lamp number {number} with a warm light" },
            new Item { ItemId = $"kettle-{number}", Title = $"Steel water kettle number {number} for the stove" },
        });
        Assert.Equal(24, await _strata.Items.PutAsync(items, Cancel));
        while ((await SlateAsync("nobody", "")).Items.Count < 24)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), Cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _strata.Dispose();
        await _system.DisposeAsync();
    }

    [Fact]
    public async Task Client_SendsAClick_AndTheSlateFollowsIt()
    {
        await using var events = _strata.CreateEventSender();

        var click = await events.SendAsync(new UserEvent { UserId = "ann", Kind = EventKind.Click, ItemId = "lamp-3" }, Cancel);
        var refused = await events.SendAsync(new UserEvent { UserId = "ann", Kind = EventKind.Click }, Cancel);

        Assert.True(click.IsAccepted, click.Message);
        Assert.False(refused.IsAccepted);
        Assert.Equal("event.item_id", refused.Field);
        await FollowsAsync("ann", "lamp-3", click.AsOf);
    }

    [Fact]
    public async Task Lines_HoldAClick_AndTheSlateFollowsIt()
    {
        var answer = await PostAsync(
            "v1/events:batch",
            "application/x-ndjson",
            """
            {"userId":"bob","kind":"click","itemId":"kettle-2"}
            {"userId":"bob","kind":"click","itemId":"nobody-put-it"}
            """);

        var lines = answer.TrimEnd().Split('\n').Select(PublishEventsResponse.Parser.ParseJson).ToList();
        Assert.Equal("event.item_id", lines[1].Rejected.Field);
        await FollowsAsync("bob", "kettle-2", lines[0].Accepted.AsOf);
    }

    [Fact]
    public async Task CloudEvent_IsAClick_AndTheSlateFollowsIt()
    {
        var answer = await PostAsync(
            "v1/cloudevents",
            "application/cloudevents+json",
            """
            {"specversion":"1.0","id":"e-1","source":"/shop","type":"org.example.click","subject":"cleo","data":{"itemId":"lamp-5"}}
            """);

        await FollowsAsync("cleo", "lamp-5", PublishEventResponse.Parser.ParseJson(answer).AsOf);
    }

    private async Task<string> PostAsync(string path, string type, string body)
    {
        using var http = new HttpClient { BaseAddress = _system.Addresses.Http };
        using var content = new StringContent(body, Encoding.UTF8, type);
        using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), content, Cancel);
        var said = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True(answer.IsSuccessStatusCode, said);
        return said;
    }

    private async Task FollowsAsync(string user, string itemId, string asOf)
    {
        var slate = await SlateAsync(user, asOf);

        Assert.DoesNotContain(slate.Items, item => item.ItemId == itemId);
        Assert.Contains(slate.Items, item => item.Reason.BecauseOf.Contains(itemId));
        Assert.StartsWith(itemId.Split('-')[0], slate.Items[0].ItemId, StringComparison.Ordinal);
    }

    private async Task<RecommendResponse> SlateAsync(string user, string asOf)
        => await _strata.Ranking.RecommendAsync(
            new RecommendRequest { UserId = user, Count = 100, AsOf = asOf, DryRun = true }, cancellationToken: Cancel);
}
