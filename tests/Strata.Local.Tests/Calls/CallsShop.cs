using System.Net;
using System.Text;
using Google.Protobuf;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Local.Hosting;
using IngestionClient = Strata.Contracts.Ingestion.V1.Ingestion.IngestionClient;
using RankingClient = Strata.Contracts.Ranking.V1.Ranking.RankingClient;

namespace Strata.Local.Tests.Calls;

/// <summary>A running system with a shop of lamps and kettles, called over gRPC and JSON.</summary>
public sealed class CallsShop : IAsyncLifetime
{
    /// <summary>Lamps, and as many kettles.</summary>
    public const int Lamps = 12;

    private LocalSystem _system = null!;
    private GrpcChannel _channel = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public HttpClient Http { get; private set; } = null!;

    public RankingClient Ranking { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var settings = new LocalSettings
        {
            Port = 0,
            Overrides = new Dictionary<string, string?>
            {
                ["Ranking:Suggestions:Refresh"] = "00:00:00.100",
                ["Ranking:Streams:Pace"] = "00:00:00.100",
                ["Clustering:Segments:LeastUsers"] = "20",
                ["Clustering:Segments:PublishEvery"] = "00:00:00.200",
                ["Ranking:Rules:one-kettle:Action"] = "cap",
                ["Ranking:Rules:one-kettle:Places"] = "1",
                ["Ranking:Rules:one-kettle:Placements:0"] = "lamp-page",
                ["Ranking:Rules:one-kettle:Items:Categories:0"] = "kettles",
                ["Ranking:Rules:brass:Action"] = "pin",
                ["Ranking:Rules:brass:Places"] = "3",
                ["Ranking:Rules:brass:Placements:0"] = "lamp-page",
                ["Ranking:Rules:brass:Items:Attributes:colour:0"] = "brass",
            },
        };
        _system = await LocalSystem.StartAsync(settings, logging => logging.ClearProviders(), Cancel);
        await _system.ReadyAsync(_ => { }, Cancel);
        _channel = GrpcChannel.ForAddress(_system.Addresses.Grpc);
        Ranking = new RankingClient(_channel);
        Http = new HttpClient { BaseAddress = _system.Addresses.Http };
        await PutAsync([.. Enumerable.Range(0, Lamps).Select(i => Lamp(i)), .. Enumerable.Range(0, Lamps).Select(Kettle)]);
        await UntilAsync(async () => (await SlateAsync()).Items.Count == 2 * Lamps);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _channel.Dispose();
        await _system.DisposeAsync();
    }

    public static Item Lamp(int number, bool hidden = false) => new()
    {
        ItemId = $"lamp-{number}",
        Title = $"Brass reading lamp number {number} with a warm light",
        Categories = { "Home", "Lamps" },
        Price = new Price { Amount = 40 + number, Currency = "EUR" },
        Availability = Availability.InStock,
        PictureUrl = $"https://example.org/lamp-{number}.jpg",
        Attributes = { ["colour"] = number % 2 == 0 ? "black" : "brass" },
        Hidden = hidden,
    };

    public static Item Kettle(int number) => new()
    {
        ItemId = $"kettle-{number}",
        Title = $"Steel water kettle number {number} for the stove",
        Categories = { "Home", "Kettles" },
    };

    public async Task PutAsync(IEnumerable<Item> items)
        => await new IngestionClient(_channel).PutItemsAsync(new PutItemsRequest { Items = { items } }, cancellationToken: Cancel);

    /// <summary>Each user searches, once.</summary>
    public async Task SearchAsync(string query, params string[] users)
    {
        var ingestion = new IngestionClient(_channel);
        foreach (var user in users)
        {
            var act = new UserEvent { UserId = user, Kind = EventKind.Search, Query = query };
            await ingestion.PublishEventAsync(new PublishEventRequest { Event = act }, cancellationToken: Cancel);
        }
    }

    public async Task ClickAsync(string user, string itemId)
        => await new IngestionClient(_channel).PublishEventAsync(
            new PublishEventRequest { Event = new UserEvent { UserId = user, Kind = EventKind.Click, ItemId = itemId } },
            cancellationToken: Cancel);

    /// <summary>A user's slate, which nobody sees.</summary>
    public async Task<RecommendResponse> SlateOfAsync(string user)
        => await Ranking.RecommendAsync(new RecommendRequest { UserId = user, DryRun = true }, cancellationToken: Cancel);

    /// <summary>The whole shop, to somebody new.</summary>
    public async Task<RecommendResponse> SlateAsync()
        => await Ranking.RecommendAsync(
            new RecommendRequest { UserId = "nobody-yet", Count = 100, DryRun = true }, cancellationToken: Cancel);

    public async Task<T> GetAsync<T>(string path)
        where T : IMessage<T>, new()
    {
        using var answer = await Http.GetAsync(new Uri(path, UriKind.Relative), Cancel);
        return Parse<T>(answer, await answer.Content.ReadAsStringAsync(Cancel));
    }

    public async Task<T> PostAsync<T>(string path, string json)
        where T : IMessage<T>, new()
        => new MessageParser<T>(() => new T()).ParseJson(await PostAsync(path, json));

    /// <summary>The body of the answer, which is OK.</summary>
    public async Task<string> PostAsync(string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await Http.PostAsync(new Uri(path, UriKind.Relative), content, Cancel);
        var body = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, body);
        return body;
    }

    private static T Parse<T>(HttpResponseMessage answer, string body)
        where T : IMessage<T>, new()
    {
        Assert.True(answer.StatusCode == HttpStatusCode.OK, body);
        return new MessageParser<T>(() => new T()).ParseJson(body);
    }

    public static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var tries = 0; !await holds(); tries++)
        {
            Assert.True(tries < 600, "it did not come to be in a minute");
            await Task.Delay(TimeSpan.FromMilliseconds(100), Cancel);
        }
    }
}
