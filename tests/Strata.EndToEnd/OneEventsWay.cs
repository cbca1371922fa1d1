using System.Net;
using System.Text;
using System.Text.Json;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.Policy.V1;
using Strata.Contracts.Ranking.V1;
using Strata.EndToEnd.Harness;
using Strata.Local.Sample;
using Strata.Testing.Brokers;
using Strata.Testing.Stores;
using Strata.Testing.Systems;
using IngestionClient = Strata.Contracts.Ingestion.V1.Ingestion.IngestionClient;
using LayersClient = Strata.Contracts.Layers.V1.Layers.LayersClient;
using PoliciesClient = Strata.Contracts.Policy.V1.Policies.PoliciesClient;
using RankingClient = Strata.Contracts.Ranking.V1.Ranking.RankingClient;

namespace Strata.EndToEnd;

/// <summary>One event's whole way, by the public API only: put, click, read your own write, see layers and reasons.</summary>
public abstract class OneEventsWay(IBroker broker, TestStore store) : IAsyncLifetime
{
    private const string User = "reader";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private StrataSystem _system = null!;

    public async ValueTask InitializeAsync()
        => _system = await StrataSystem.StartAsync(
            broker,
            store,
            new Dictionary<string, string?>([.. ExperimentsWay.Settings, .. RulesWay.Settings]),
            TestContext.Current.CancellationToken);

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
        var click = new PublishEventRequest
        {
            Event = new UserEvent { EventId = $"{Guid.NewGuid()}", UserId = User, Kind = EventKind.Click, ItemId = clicked.ItemId },
        };
        var answer = await ingestion.PublishEventAsync(click, cancellationToken: cancellation);
        var again = await ingestion.PublishEventAsync(click, cancellationToken: cancellation);
        var repeated = await ranking.RecommendAsync(
            new RecommendRequest { UserId = User, AsOf = again.AsOf, DryRun = true }, cancellationToken: cancellation);
        var after = await ranking.RecommendAsync(
            new RecommendRequest { UserId = User, AsOf = answer.AsOf },
            cancellationToken: cancellation);

        Assert.Contains("no-profile", before.Degraded);
        Assert.NotEqual(answer.AsOf, again.AsOf);
        Assert.DoesNotContain("no-profile", repeated.Degraded);
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
        await PolicyThatLearnedTheClickIsTakenBackAsync(ranking, clicked.ItemId);
        await ShownSlateWay.AssertComesBackAsync(_system, User, after, UntilAsync);
    }

    [Fact]
    public Task Slates_OfUsersInAnExperiment_AreCountedByArm() => ExperimentsWay.AssertCountedByArmAsync(_system, UntilAsync);

    [Fact]
    public Task Slate_OfAPlacementWithARule_IsPinned() => RulesWay.AssertPinnedAsync(_system, UntilAsync);

    private async Task PolicyThatLearnedTheClickIsTakenBackAsync(RankingClient ranking, string chosen)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var policies = new PoliciesClient(_system.Channel);
        var ingestion = new IngestionClient(_system.Channel);
        var (first, clicks) = (0ul, 0);
        await UntilAsync(async () =>
        {
            // Not every click becomes an example: a busy system leaves some out.
            var click = new UserEvent
            {
                EventId = $"example-{clicks}",
                UserId = $"example-{clicks++ % 10}",
                Kind = EventKind.Click,
                ItemId = chosen,
            };
            await ingestion.PublishEventAsync(new PublishEventRequest { Event = click }, cancellationToken: cancellation);
            var known = await policies.ListPoliciesAsync(new ListPoliciesRequest(), cancellationToken: cancellation);
            first = known.Policies.LastOrDefault()?.Version ?? 0;
            return first > 0;
        });

        var back = await policies.RollbackPolicyAsync(new RollbackPolicyRequest { Version = first }, cancellationToken: cancellation);
        var slate = await ranking.RecommendAsync(
            new RecommendRequest { UserId = User, DryRun = true }, cancellationToken: cancellation);
        var list = await policies.ListPoliciesAsync(new ListPoliciesRequest(), cancellationToken: cancellation);
        var detail = await policies.GetPolicyAsync(new GetPolicyRequest { Version = first }, cancellationToken: cancellation);

        Assert.True(back.Version > first && slate.PolicyVersion >= back.Version);
        Assert.Contains(list.Policies, policy => policy.Version == back.Version || policy.Version > back.Version);
        Assert.NotEmpty(detail.Weights);
    }

    [Theory]
    [InlineData("health/ready")]
    [InlineData("health/live")]
    [InlineData("openapi/v1.json")]
    [InlineData("metrics")]
    [InlineData("v1/layers")]
    [InlineData("v1/layer-map")]
    [InlineData("v1/layer-suggestions")]
    [InlineData("v1/policies")]
    [InlineData("v1/experiments")]
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

    [Theory]
    [InlineData("GET", "v1/layers/abc", "layer_id")]
    [InlineData("GET", "v1/layers/-1", "layer_id")]
    [InlineData("GET", "v1/users/caf%E9/layers", "user_id")]
    [InlineData("GET", "v1/users/u/recommendations?count=1&count=2", "count")]
    [InlineData("GET", "v1/users/u/recommendations?userId=v", "user_id")]
    [InlineData("POST", "v1/users/u/recommendations", "user_id", """{"userId":"v"}""")]
    [InlineData("POST", "v1/layers/2/move", "layer_id", """{"layerId":3}""")]
    [InlineData("POST", "v1/layers/2/move", "into_layer_id", """{"intoLayerId":"2.5"}""")]
    public async Task Call_OverHttpThatContradictsItself_IsRefusedWithTheField(string verb, string path, string field, string body = "{}")
    {
        using var request = new HttpRequestMessage(new HttpMethod(verb), new Uri(_system.Http.BaseAddress!, path));
        request.Content = verb == "POST" ? new StringContent(body, Encoding.UTF8, "application/json") : null;

        using var answer = await _system.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, text);
        Assert.Contains($"\"field\":\"{field}\"", text.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recommend_ByAPost_TakesListsOfAnyLength()
    {
        var excluded = Enumerable.Range(0, 160).Select(i => $"an-item-that-nobody-knows-{new string('x', 90)}-{i}");
        using var body = new StringContent(
            JsonSerializer.Serialize(new { count = 3, dryRun = true, excludeItemIds = excluded }), Encoding.UTF8, "application/json");

        using var answer = await _system.Http.PostAsync(
            new Uri("v1/users/nobody/recommendations", UriKind.Relative), body, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
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
