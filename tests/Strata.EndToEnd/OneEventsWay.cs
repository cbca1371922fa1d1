using System.Text.Json;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Local.Sample;
using Strata.Testing.Brokers;
using Strata.Testing.Stores;
using Strata.Testing.Systems;
using IngestionClient = Strata.Contracts.Ingestion.V1.Ingestion.IngestionClient;
using LayersClient = Strata.Contracts.Layers.V1.Layers.LayersClient;
using RankingClient = Strata.Contracts.Ranking.V1.Ranking.RankingClient;

namespace Strata.EndToEnd;

/// <summary>One event's whole way, by the public API only: put, click, read your own write, see layers and reasons.</summary>
public abstract class OneEventsWay(IBroker broker, TestStore store) : IAsyncLifetime
{
    private const string User = "reader";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private StrataSystem _system = null!;

    public async ValueTask InitializeAsync()
        => _system = await StrataSystem.StartAsync(broker, store, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _system.DisposeAsync();

    [Fact]
    public async Task Click_ChangesTheSlateOfTheOneWhoClicked()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var (ingestion, ranking, layers) = (
            new IngestionClient(_system.Channel),
            new RankingClient(_system.Channel),
            new LayersClient(_system.Channel));
        var catalogue = SampleCatalogue.Load();
        var put = new PutItemsRequest();
        put.Items.AddRange(
            catalogue.Items.Select(item => new Item { ItemId = item.ItemId, Title = item.Title, Description = item.Description }));
        await ingestion.PutItemsAsync(put, cancellationToken: cancellation);
        await UntilAsync(async () =>
        {
            var list = await layers.ListLayersAsync(new ListLayersRequest(), cancellationToken: cancellation);
            return list.Layers.Sum(layer => layer.Items) == catalogue.Items.Count;
        });
        var before = await ranking.RecommendAsync(new RecommendRequest { UserId = User }, cancellationToken: cancellation);

        var clicked = catalogue.Items.First(item => item.Topic == "bee-keeping");
        var answer = await ingestion.PublishEventAsync(
            new PublishEventRequest
            {
                Event = new UserEvent { UserId = User, Kind = EventKind.Click, ItemId = clicked.ItemId },
            }, cancellationToken: cancellation);
        var after = await ranking.RecommendAsync(
            new RecommendRequest { UserId = User, AsOf = answer.AsOf },
            cancellationToken: cancellation);

        Assert.Contains("no-profile", before.Degraded);
        Assert.DoesNotContain("no-profile", after.Degraded);
        Assert.Equal(10, after.Items.Count);
        Assert.NotEqual(before.Items.Select(item => item.ItemId), after.Items.Select(item => item.ItemId));
        Assert.DoesNotContain(clicked.ItemId, after.Items.Select(item => item.ItemId));
        Assert.Contains(after.Items, item => item.Reason.BecauseOf.Contains(clicked.ItemId));
        Assert.All(after.Items, item => Assert.NotEmpty(item.Reason.Text));
        await UntilAsync(async () => (await OwnLayersAsync(layers)).Layers.Any(layer => layer.LongInterest > 0));
        var own = await OwnLayersAsync(layers);
        Assert.Equal(1, own.Layers.Sum(layer => layer.Probability), 1e-6);
        Assert.All(own.Layers.Where(layer => layer.LongInterest > 0.01), layer => Assert.NotEmpty(layer.Words));
    }

    [Theory]
    [InlineData("health/ready")]
    [InlineData("health/live")]
    [InlineData("openapi/v1.json")]
    [InlineData("metrics")]
    [InlineData("v1/layers")]
    [InlineData("v1/layer-map")]
    [InlineData("v1/layer-suggestions")]
    [InlineData("v1/users/nobody/layers")]
    [InlineData("v1/users/nobody/recommendations?count=3")]
    public async Task Get_OverHttp_Answers(string path)
    {
        var ready = new Uri("health/ready", UriKind.Relative);
        await UntilAsync(async () => (await _system.Http.GetAsync(ready, TestContext.Current.CancellationToken)).IsSuccessStatusCode);

        using var answer = await _system.Http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.True(
            answer.IsSuccessStatusCode,
            $"{path}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
    }

    [Fact]
    public async Task OpenApi_NamesThePathsThatAreServed()
    {
        var text = await _system.Http.GetStringAsync(new Uri("openapi/v1.json", UriKind.Relative), TestContext.Current.CancellationToken);

        var paths = JsonDocument.Parse(text).RootElement.GetProperty("paths").EnumerateObject().Select(
            path => path.Name.Replace("userId", "user_id", StringComparison.Ordinal)
                .Replace("layerId", "layer_id", StringComparison.Ordinal)).ToHashSet();
        Assert.Superset(
            new HashSet<string>
            {
                "/v1/events",
                "/v1/items",
                "/v1/users/{user_id}/recommendations",
                "/v1/users/{user_id}/layers",
                "/v1/layers",
            },
            paths);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var budget = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        budget.CancelAfter(Patience);
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), budget.Token);
        }
    }

    private static async Task<GetUserLayersResponse> OwnLayersAsync(LayersClient layers)
        => await layers.GetUserLayersAsync(
            new GetUserLayersRequest { UserId = User },
            cancellationToken: TestContext.Current.CancellationToken);
}

/// <summary>On the embedded broker and the best store.</summary>
[Trait("height", "system")]
public sealed class OneEventsWayEmbedded(EmbeddedBrokerFixture broker, StoreFixture store)
    : OneEventsWay(broker.Broker, store.Store), IClassFixture<EmbeddedBrokerFixture>, IClassFixture<StoreFixture>;

/// <summary>On a real broker and the best store.</summary>
[Trait("height", "system")]
public sealed class OneEventsWayReal(RealBrokerFixture broker, StoreFixture store)
    : OneEventsWay(broker.Broker, store.Store), IClassFixture<RealBrokerFixture>, IClassFixture<StoreFixture>;
