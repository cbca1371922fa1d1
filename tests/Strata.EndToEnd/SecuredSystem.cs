using System.Text.Json;
using Confluent.Kafka;
using Grpc.Net.Client;
using StackExchange.Redis;
using Strata.Contracts;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.Users.V1;
using Strata.EndToEnd.Harness;
using Strata.Local.Sample;
using Strata.Streaming.Connecting;
using Strata.Streaming.Topology;
using Strata.Testing.Secured;
using Strata.Testing.Stores;
using Strata.Testing.Systems;
using ExperimentsClient = Strata.Contracts.Ranking.V1.Experiments.ExperimentsClient;
using IngestionClient = Strata.Contracts.Ingestion.V1.Ingestion.IngestionClient;
using LayersClient = Strata.Contracts.Layers.V1.Layers.LayersClient;
using RankingClient = Strata.Contracts.Ranking.V1.Ranking.RankingClient;
using UsersClient = Strata.Contracts.Users.V1.Users.UsersClient;

namespace Strata.EndToEnd;

/// <summary>
/// The five services on a broker and a store that speak TLS only, each as a user of its own with the rights that infra/kafka/acls.csv and
/// infra/redis/users.acl give it: all of them suffice, and nothing else is open.
/// </summary>
[Trait("height", "system")]
public sealed class SecuredSystem : IAsyncLifetime
{
    private const string User = "bee-keeper";
    private const string ByCertificate = "Optimizer";

    private static readonly TimeSpan Budget = TimeSpan.FromMinutes(4);

    private readonly TestAuthority _authority = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("strata-secured-");
    private SecuredKafka? _kafka;
    private SecuredRedis? _redis;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private SecuredKafka Kafka => _kafka!;

    private SecuredRedis Redis => _redis!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(RedisServerStore.IsAvailable, "no redis-server on the PATH");
        var jars = SecuredKafka.Jars();
        Assert.SkipWhen(jars is null, "no Kafka in shared/kafka, or no Java");
        _kafka = await SecuredKafka.StartAsync(jars!, _authority, Cancel);
        _redis = await SecuredRedis.StartAsync(_authority, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await (_redis?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_kafka?.DisposeAsync() ?? ValueTask.CompletedTask);
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Services_WithTheirOwnUsers_ServeAndAreDeniedNothing()
    {
        using var budget = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        budget.CancelAfter(Budget);
        try
        {
            await ServeAsync(budget.Token);
        }
        finally
        {
            // Whoever was denied something waits for it, and the reason stands here.
            var denied = string.Join('\n', (await Redis.DenialsAsync()).Concat(Kafka.Denials));
            Assert.True(denied.Length == 0, denied);
        }

        await AssertClosedAsync();
    }

    private async Task ServeAsync(CancellationToken cancellationToken)
    {
        var keys = Path.Combine(_folder.FullName, "users.keys");
        await File.WriteAllTextAsync(keys, $"test {Convert.ToBase64String(new byte[32])}\n", cancellationToken);
        await using var deployment = await Deployment.StartAsync(
            new Dictionary<string, string>(ExperimentsWay.Settings!)
            {
                ["Users:KeysFile"] = keys,
                ["Clustering:Reducer:SettleTime"] = "00:00:05",
                ["Optimizer:Outcomes:EventHold"] = "00:00:10",
                ["Ranking:Serving:AsOfTimeout"] = "00:01:00",
                ["Ranking:Suggestions:LeastUsers"] = "2",
                ["Ranking:Suggestions:Refresh"] = "00:00:00.500",
                ["Redis:IssuerFile"] = _authority.Certificate,
            },
            Own,
            cancellationToken);
        using var ingestion = GrpcChannel.ForAddress(deployment["Ingestion"].Grpc);
        using var ranking = GrpcChannel.ForAddress(deployment["Ranking"].Grpc);
        await FeedAsync(new IngestionClient(ingestion), new RankingClient(ranking), new LayersClient(ranking), cancellationToken);
        await AskedRanking.SearchAsync(new RankingClient(ranking), cancellationToken);
        await AskedRanking.SuggestAsync(new IngestionClient(ingestion), new RankingClient(ranking), User, cancellationToken);
        await ExperimentsWay.CountedAsync(new ExperimentsClient(ranking), cancellationToken);
        await ShownSlateWay.AssertLateChoiceCountsAsync(
            new IngestionClient(ingestion), new RankingClient(ranking), new UsersClient(ranking), "late-shopper", cancellationToken);
        await ForgetAsync(new UsersClient(ranking), cancellationToken);
        var output = Deployment.Names.ToDictionary(name => name, name => deployment[name].Output);
        var codes = await deployment.StopAsync();

        Assert.All(output, service => Assert.DoesNotContain("uthorization failed", service.Value, StringComparison.Ordinal));
        Assert.All(codes, code => Assert.True(code.Value == 0, $"{code.Key} ended with {code.Value}: {output[code.Key]}"));
    }

    private static async Task FeedAsync(
        IngestionClient ingestion, RankingClient ranking, LayersClient layers, CancellationToken cancellationToken)
    {
        var catalogue = SampleCatalogue.Load();
        var put = new PutItemsRequest();
        put.Items.AddRange(
            catalogue.Items.Select(item => new Item { ItemId = item.ItemId, Title = item.Title, Description = item.Description }));
        await ingestion.PutItemsAsync(put, cancellationToken: cancellationToken);
        await ingestion.PutUsersAsync(
            new PutUsersRequest { Users = { new UserAttributes { UserId = User, Region = "NO" } } }, cancellationToken: cancellationToken);
        var clicked = catalogue.Items.First(item => item.Topic == "bee-keeping").ItemId;
        await ingestion.PublishEventAsync(
            new PublishEventRequest { Event = new UserEvent { UserId = User, Kind = EventKind.Click, ItemId = clicked } },
            cancellationToken: cancellationToken);
        var answer = await ingestion.PublishEventAsync(
            new PublishEventRequest { Event = new UserEvent { UserId = User, Kind = EventKind.Search, Query = "honey" } },
            cancellationToken: cancellationToken);
        while (true)
        {
            var slate = await ranking.RecommendAsync(
                new RecommendRequest { UserId = User, AsOf = answer.AsOf }, cancellationToken: cancellationToken);
            var own = await layers.GetUserLayersAsync(
                new GetUserLayersRequest { UserId = User }, cancellationToken: cancellationToken);
            if (slate.Items.Any(item => item.Reason.BecauseOf.Contains(clicked)) && own.Layers.Any(layer => layer.LongInterest > 0))
            {
                await layers.ControlUserLayerAsync(
                    new ControlUserLayerRequest
                    {
                        UserId = User,
                        LayerId = own.Layers[0].LayerId,
                        Action = LayerAction.Boost,
                    },
                    cancellationToken: cancellationToken);
                return;
            }

            await Task.Delay(500, cancellationToken);
        }
    }

    private static async Task ForgetAsync(UsersClient users, CancellationToken cancellationToken)
    {
        await users.SetConsentAsync(
            new SetConsentRequest { UserId = User, Personalise = true }, cancellationToken: cancellationToken);
        var receipt = await users.ForgetUserAsync(new ForgetUserRequest { UserId = User }, cancellationToken: cancellationToken);
        var check = await users.VerifyForgottenAsync(
            new VerifyForgottenRequest { UserId = User, Receipt = receipt }, cancellationToken: cancellationToken);

        Assert.True(check.Genuine && check.Forgotten, check.ToString());
    }

    /// <summary>Who has no right is refused: other users' topics and keys, commands beyond one's own, wrong and no passwords.</summary>
    private async Task AssertClosedAsync()
    {
        await using (var featurizer = await Redis.ConnectAsync("featurizer"))
        {
            var database = featurizer.GetDatabase();
            await Assert.ThrowsAsync<RedisServerException>(() => database.StringSetAsync("{u:x}:layers", "x"));
            await Assert.ThrowsAsync<RedisServerException>(() => database.ExecuteAsync("FLUSHALL"));
            await Assert.ThrowsAsync<RedisServerException>(() => database.ExecuteAsync("CONFIG", "GET", "*"));
        }

        await using (var ranking = await Redis.ConnectAsync("ranking"))
        {
            await Assert.ThrowsAsync<RedisServerException>(() => ranking.GetDatabase().StringSetAsync(Keys.Profile(User), "x"));
        }

        await Assert.ThrowsAsync<RedisConnectionException>(() => Redis.ConnectAsync("featurizer", "wrong"));
        await Assert.ThrowsAsync<RedisConnectionException>(
            () => ConnectionMultiplexer.ConnectAsync(Redis.ConnectionString("featurizer"))); // whose issuer nobody named
        Assert.Equal(ErrorCode.TopicAuthorizationFailed, await ProduceAsync(Kafka.Scram("ingestion"), Kafka.ScramServers, Topics.Policy));
        Assert.Equal(ErrorCode.TopicAuthorizationFailed, await ProduceAsync(Kafka.Mutual("ranking"), Kafka.MutualServers, Topics.Policy));
        Assert.NotEqual(ErrorCode.NoError, await ProduceAsync(Kafka.Scram("optimizer", "wrong"), Kafka.ScramServers, Topics.Policy));
        Assert.NotEqual(ErrorCode.NoError, await ProduceAsync([], Kafka.ScramServers, Topics.Policy));
        Assert.Equal(ErrorCode.NoError, await ProduceAsync(Kafka.Mutual("optimizer"), Kafka.MutualServers, Topics.Policy));

        // A tool beside the services comes in by a file of the same settings.
        var file = Path.GetTempFileName();
        await File.WriteAllLinesAsync(file, Kafka.Scram("featurizer").Select(setting => $"{setting.Key}={setting.Value}"), Cancel);
        using var logs = new LogReach(ClientSettings.Of(Kafka.ScramServers, file));
        Assert.Equal(12, logs.PartitionsOf(Topics.Events));

        // The doctor knows a wrong password from a broker that is away.
        await File.WriteAllLinesAsync(
            file, Kafka.Scram("featurizer", "wrong").Select(setting => $"{setting.Key}={setting.Value}"), Cancel);
        var (_, found, _) = await StrataTool.RunAsync(
            ["doctor", "--kafka", Kafka.ScramServers, "--kafka-settings", file, "--redis", "127.0.0.1:1"]);
        File.Delete(file);
        var broker = JsonDocument.Parse(found).RootElement.EnumerateArray()
            .Single(finding => finding.GetProperty("about").GetString() == "broker");
        Assert.Contains("refuses", broker.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Contains("sasl.password", broker.GetProperty("remedy").GetString(), StringComparison.Ordinal);
    }

    /// <summary>How sending one record ends.</summary>
    private static async Task<ErrorCode> ProduceAsync(Dictionary<string, string> client, string servers, string topic)
    {
        var config = new ProducerConfig(client) { BootstrapServers = servers, MessageTimeoutMs = 10_000 };
        using var producer = new ProducerBuilder<string, byte[]?>(config)
            .SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        try
        {
            await producer.ProduceAsync(topic, new Message<string, byte[]?> { Key = "nobody" }, Cancel);
            return ErrorCode.NoError;
        }
        catch (ProduceException<string, byte[]?> fault)
        {
            return fault.Error.Code;
        }
    }

    /// <summary>A service's own user: by password, one of them by certificate.</summary>
    private IEnumerable<KeyValuePair<string, string>> Own(string service)
    {
        var user = service.ToLowerInvariant();
        var (servers, client) = service == ByCertificate
            ? (Kafka.MutualServers, Kafka.Mutual(user))
            : (Kafka.ScramServers, Kafka.Scram(user));
        return client.Select(setting => KeyValuePair.Create($"Streaming:Client:{setting.Key}", setting.Value))
            .Append(KeyValuePair.Create("Streaming:BootstrapServers", servers))
            .Append(KeyValuePair.Create("Streaming:CreateTopics", service == "Ingestion" ? "true" : "false"))
            .Append(KeyValuePair.Create("Redis:ConnectionString", Redis.ConnectionString(user)));
    }
}
