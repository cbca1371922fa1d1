using System.Net.Http.Headers;
using System.Text;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Strata.Contracts;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Local.Hosting;
using Strata.Streaming.Publishing;
using IngestionClient = Strata.Contracts.Ingestion.V1.Ingestion.IngestionClient;
using LayersClient = Strata.Contracts.Layers.V1.Layers.LayersClient;
using RankingClient = Strata.Contracts.Ranking.V1.Ranking.RankingClient;

namespace Strata.Local.Tests.Privacy;

/// <summary>
/// Ids, queries and texts that are unmistakable go all ways through a running system, well formed and not: what it tells its operators
/// holds none of them.
/// </summary>
[Trait("height", "embedded")]
public sealed class TellsNothingOfUsersTests : IAsyncLifetime
{
    private const string Mark = "qzebraq";
    private const string User = $"{Mark}-user";
    private const string Item = $"{Mark}-item";

    private static readonly Dictionary<string, string?> Patient = new() { ["Ranking:Serving:AsOfTimeout"] = "00:01:00" };

    private readonly Overheard _overheard = new();
    private LocalSystem _system = null!;
    private GrpcChannel _channel = null!;
    private HttpClient _http = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        // Levels as every service ships them.
        _system = await LocalSystem.StartAsync(
            new LocalSettings { Port = 0, Overrides = Patient },
            logging => logging.ClearProviders()
                .SetMinimumLevel(LogLevel.Information)
                .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
                .AddFilter("Grpc", LogLevel.Warning)
                .AddFilter("Polly", LogLevel.Warning)
                .AddProvider(_overheard),
            Cancel);
        await _system.ReadyAsync(_ => { }, Cancel);
        _channel = GrpcChannel.ForAddress(_system.Addresses.Grpc);
        _http = new HttpClient { BaseAddress = _system.Addresses.Http };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _channel.Dispose();
        await _system.DisposeAsync();
        _overheard.Dispose();
    }

    [Fact]
    public async Task WholeRun_LogsMetricsAndSpans_HoldNoIdQueryOrText()
    {
        await CallWellAsync();
        await CallWrongOverGrpcAsync();
        await CallWrongOverJsonAsync();
        await PoisonAsync();
        var metrics = await _http.GetStringAsync(new Uri("metrics", UriKind.Relative), Cancel);
        await _system.StopAsync();

        Assert.Contains(_overheard.Lines, line => line.StartsWith("log ", StringComparison.Ordinal));
        Assert.Contains(_overheard.Lines, line => line.Contains("goes to the dead letters", StringComparison.Ordinal));
        Assert.Contains(_overheard.Lines, line => line.StartsWith("metric strata.", StringComparison.Ordinal));
        Assert.Contains(_overheard.Lines, line => line.Contains("http.route", StringComparison.Ordinal));
        Assert.Contains(_overheard.Lines, line => line.StartsWith("span process", StringComparison.Ordinal));
        Assert.DoesNotContain(Mark, metrics, StringComparison.OrdinalIgnoreCase);
        Assert.Equal([], _overheard.Lines.Where(line => line.Contains(Mark, StringComparison.OrdinalIgnoreCase)));
    }

    private async Task CallWellAsync()
    {
        var ingestion = new IngestionClient(_channel);
        var ranking = new RankingClient(_channel);
        var layers = new LayersClient(_channel);
        await ingestion.PutItemsAsync(
            new PutItemsRequest
            {
                Items = { new Item { ItemId = Item, Title = $"{Mark} shoe", Description = $"{Mark} in red", Tags = { Mark } } },
            },
            cancellationToken: Cancel);
        await ingestion.PutUsersAsync(
            new PutUsersRequest { Users = { new UserAttributes { UserId = User, Region = Mark } } }, cancellationToken: Cancel);
        var asOf = string.Empty;
        foreach (var act in new[]
        {
            new UserEvent { EventId = $"{Mark}-1", UserId = User, Kind = EventKind.Click, ItemId = Item },
            new UserEvent { EventId = $"{Mark}-2", UserId = User, Kind = EventKind.Search, Query = $"{Mark} shoes", RequestId = Mark },
        })
        {
            asOf = (await ingestion.PublishEventAsync(new PublishEventRequest { Event = act }, cancellationToken: Cancel)).AsOf;
        }

        var slate = await ranking.RecommendAsync(new RecommendRequest { UserId = User, AsOf = asOf }, cancellationToken: Cancel);
        Assert.NotEmpty(slate.RequestId);
        await layers.GetUserLayersAsync(new GetUserLayersRequest { UserId = User }, cancellationToken: Cancel);
        await GetAsync($"v1/users/{User}/recommendations?count=3&exclude_item_ids={Item}");
        await GetAsync($"v1/users/{User}/layers");
        await PostAsync("v1/events", $$"""{"userId":"{{User}}","kind":"view","itemId":"{{Item}}"}""");
        await PostAsync($"v1/users/{User}/recommendations", $$"""{"excludeItemIds":["{{Item}}"]}""");
    }

    private async Task CallWrongOverGrpcAsync()
    {
        var ingestion = new IngestionClient(_channel);
        UserEvent[] wrong =
        [
            new() { UserId = string.Concat(Enumerable.Repeat(User, 50)), Kind = EventKind.Click, ItemId = Item },
            new() { UserId = User, Kind = EventKind.Click, ItemId = $"{Mark}-unknown" },
            new() { UserId = User, Kind = EventKind.Search, Query = $"{Mark} \uffff" },
            new() { UserId = User, Kind = (EventKind)77, Query = Mark },
            new() { UserId = User, Kind = EventKind.Search, Query = Mark, EventTime = new Timestamp { Seconds = long.MaxValue } },
        ];
        foreach (var act in wrong)
        {
            await Assert.ThrowsAsync<RpcException>(
                () => ingestion.PublishEventAsync(new PublishEventRequest { Event = act }, cancellationToken: Cancel).ResponseAsync);
        }

        await ingestion.PublishBatchAsync(new PublishBatchRequest { Events = { wrong } }, cancellationToken: Cancel);
        var garbled = new Method<byte[], byte[]>(
            MethodType.Unary,
            IngestionServiceReflection.Descriptor.Services[0].FullName,
            "PublishEvent",
            Marshallers.Create(bytes => bytes, bytes => bytes),
            Marshallers.Create(bytes => bytes, bytes => bytes));
        await Assert.ThrowsAsync<RpcException>(() => _channel.CreateCallInvoker()
            .AsyncUnaryCall(garbled, null, new CallOptions(cancellationToken: Cancel), Encoding.UTF8.GetBytes($"\u000a\u007f{Mark}"))
            .ResponseAsync);
        await Assert.ThrowsAsync<RpcException>(() => new RankingClient(_channel)
            .RecommendAsync(new RecommendRequest { UserId = User, AsOf = Mark }, cancellationToken: Cancel).ResponseAsync);
    }

    private async Task CallWrongOverJsonAsync()
    {
        await PostAsync("v1/events", $$"""{"userId":"{{User}}","userId":"{{User}}","kind":"{{Mark}}","{{Mark}}":1}""");
        await PostAsync("v1/events", $$"""{"userId":"{{User}}" {{Mark}}""");
        await PostAsync($"v1/{Mark}", "{}");
        await PostAsync($"v1/users/{User}/recommendations", $$"""{"userId":"{{Mark}}-other"}""");
        await GetAsync($"v1/users/{User}%FF/recommendations");
        await GetAsync($"v1/users/{User}/recommendations?count={Mark}&{Mark}={Mark}");
        await GetAsync($"v1/users/{User}/recommendations?as_of={Mark}");
        await GetAsync($"v1/layers/{Mark}");
        using var deleted = await _http.DeleteAsync(new Uri($"v1/items/{Item}", UriKind.Relative), Cancel);
    }

    /// <summary>A record that can never succeed: what is told of it names where it lies.</summary>
    private async Task PoisonAsync()
    {
        var poison = new UserEvent
        {
            EventId = $"{Mark}-3",
            UserId = User,
            Kind = EventKind.Search,
            Query = $"{Mark} query",
            EventTime = new Timestamp { Seconds = 99_999_999_999 },
            ReceivedTime = new Timestamp { Seconds = 1 },
        };
        await _system.Services.GetRequiredService<IPublisher>().PublishAsync(
            Topics.Events, User, poison, DateTimeOffset.UnixEpoch.AddYears(50), Cancel);
        while (!_overheard.Lines.Any(line => line.Contains("goes to the dead letters", StringComparison.Ordinal)))
        {
            await Task.Delay(100, Cancel);
        }
    }

    private async Task GetAsync(string path)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), Cancel);
        Assert.InRange((int)answer.StatusCode, 200, 499);
    }

    private async Task PostAsync(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await _http.PostAsync(new Uri(path, UriKind.Relative), content, Cancel);
        Assert.InRange((int)answer.StatusCode, 200, 499);
    }
}
