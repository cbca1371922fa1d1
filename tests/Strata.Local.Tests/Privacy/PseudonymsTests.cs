using System.Security.Cryptography;
using System.Text;
using Grpc.Net.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using Strata.Contracts;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.Users.V1;
using Strata.Local.Hosting;
using Strata.Local.Sample;
using Strata.Streaming.Tables;
using Strata.Streaming.Topology;
using IngestionClient = Strata.Contracts.Ingestion.V1.Ingestion.IngestionClient;
using LayersClient = Strata.Contracts.Layers.V1.Layers.LayersClient;
using RankingClient = Strata.Contracts.Ranking.V1.Ranking.RankingClient;
using UsersClient = Strata.Contracts.Users.V1.Users.UsersClient;

namespace Strata.Local.Tests.Privacy;

/// <summary>
/// With keys of pseudonyms callers notice nothing, and no topic, key, value or line holds an id; the same after a rotation of the key.
/// </summary>
[Trait("height", "embedded")]
public sealed class PseudonymsTests : IAsyncLifetime
{
    private const int Items = 160;
    private const string Mark = "qzebraq";
    private const string User = $"{Mark}-user";
    private const string Other = $"{Mark}-other";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("strata-names-");
    private readonly Overheard _overheard = new();
    private LocalSystem _system = null!;
    private GrpcChannel _channel = null!;
    private IReadOnlyList<string> _items = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string KeysFile => Path.Combine(_folder.FullName, "pseudonyms.keys");

    private IngestionClient Ingestion => new(_channel);

    private RankingClient Ranking => new(_channel);

    private LayersClient Layers => new(_channel);

    private UsersClient Users => new(_channel);

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(KeysFile, Line("first"), Cancel);
        _system = await LocalSystem.StartAsync(
            new LocalSettings
            {
                Port = 0,
                Overrides = new Dictionary<string, string?>
                {
                    ["Pseudonyms:KeysFile"] = KeysFile,
                    ["Ranking:Serving:AsOfTimeout"] = "00:01:00",
                    ["Ranking:Holdings:ForgetTimeout"] = "00:01:00",
                },
            },
            logging => logging.ClearProviders().SetMinimumLevel(LogLevel.Information).AddProvider(_overheard),
            Cancel);
        await _system.ReadyAsync(_ => { }, Cancel);
        _channel = GrpcChannel.ForAddress(_system.Addresses.Grpc);
        _items = await PutItemsAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _system.DisposeAsync();
        _overheard.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task WholeRun_UnderAKeyAndUnderTheNext_AnswersAsWithoutAndHoldsNoId()
    {
        await BecomeKnownAsync();
        await Users.SetConsentAsync(new SetConsentRequest { UserId = Other, Personalise = false }, cancellationToken: Cancel);
        var before = await Users.ExportUserAsync(new ExportUserRequest { UserId = User }, cancellationToken: Cancel);
        var slate = await SlateAsync(User);
        var many = await ManyAsync();

        Assert.Equal(User, before.UserId);
        Assert.DoesNotContain("no-profile", slate.Degraded);
        Assert.Equal([User, Other], many.Select(made => made.UserId));
        await AssertHoldsNoIdAsync();

        // The next key: what is held under the first is read.
        await File.WriteAllTextAsync(KeysFile, Line("second") + await File.ReadAllTextAsync(KeysFile, Cancel), Cancel);
        await UntilAsync(async () => (await SlateAsync(User)).Items.Count > 0
            && _overheard.Lines.Any(line => line.Contains($"Read {KeysFile} again", StringComparison.Ordinal)));
        var after = await Users.ExportUserAsync(new ExportUserRequest { UserId = User }, cancellationToken: Cancel);
        var consent = await Users.GetConsentAsync(new GetConsentRequest { UserId = Other }, cancellationToken: Cancel);

        Assert.Equal((before.Profile, before.UserId), (after.Profile, after.UserId));
        Assert.Equal(before.Layers.Select(layer => layer.LayerId), after.Layers.Select(layer => layer.LayerId));
        Assert.DoesNotContain("no-profile", (await SlateAsync(User)).Degraded);
        Assert.False(consent.Personalise);

        // What they do from now on is read under the second; a token still counts.
        var act = await PublishAsync(_items[9]);
        var own = await Layers.GetUserLayersAsync(new GetUserLayersRequest { UserId = User, AsOf = act }, cancellationToken: Cancel);
        Assert.Equal(User, own.UserId);
        await AssertHoldsNoIdAsync();

        // Forgotten under both.
        var receipt = await Users.ForgetUserAsync(new ForgetUserRequest { UserId = User }, cancellationToken: Cancel);
        var verified = await Users.VerifyForgottenAsync(
            new VerifyForgottenRequest { UserId = User, Receipt = receipt }, cancellationToken: Cancel);
        var held = await Users.ExportUserAsync(new ExportUserRequest { UserId = User }, cancellationToken: Cancel);

        Assert.Equal((true, true, false), (verified.Genuine, verified.Forgotten, verified.Returned));
        Assert.Equal((null, null, 0), (held.Profile, held.Counters, held.Layers.Count));
        Assert.Contains("no-profile", (await SlateAsync(User)).Degraded);
        Assert.DoesNotContain(await KeysAsync(), key => key.StartsWith("{u:", StringComparison.Ordinal));
        await AssertHoldsNoIdAsync();
    }

    private static string Line(string name) => $"{name} {Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}\n";

    private async Task<IReadOnlyList<string>> PutItemsAsync()
    {
        var put = new PutItemsRequest();
        put.Items.AddRange(SampleCatalogue.Load().Items.Take(Items)
            .Select(item => new Item { ItemId = item.ItemId, Title = item.Title, Description = item.Description }));
        await Ingestion.PutItemsAsync(put, cancellationToken: Cancel);
        await UntilAsync(async () => (await Layers.ListLayersAsync(new ListLayersRequest(), cancellationToken: Cancel))
            .Layers.Sum(layer => layer.Items) == Items);
        return [.. put.Items.Select(item => item.ItemId)];
    }

    private async Task BecomeKnownAsync()
    {
        var attributes = new UserAttributes { UserId = User, AgeBand = "25-34", Region = "NZ" };
        await Ingestion.PutUsersAsync(new PutUsersRequest { Users = { attributes } }, cancellationToken: Cancel);
        var first = await Ranking.RecommendAsync(new RecommendRequest { UserId = User }, cancellationToken: Cancel);
        await PublishAsync(_items[0]);
        await PublishAsync(_items[3]);
        var control = new ControlUserLayerRequest
        {
            UserId = User,
            LayerId = first.Items[0].Layer.LayerId,
            Action = LayerAction.Boost,
        };
        await Layers.ControlUserLayerAsync(control, cancellationToken: Cancel);
        await UntilAsync(async () =>
        {
            var held = await Users.ExportUserAsync(new ExportUserRequest { UserId = User }, cancellationToken: Cancel);
            return held is { Profile: { Attributes: not null, Controls.Count: 1, Items.Count: 2 } }
                && held.Layers.Count > 0;
        });
    }

    private async Task<string> PublishAsync(string item)
    {
        var act = new UserEvent { UserId = User, Kind = EventKind.Click, ItemId = item };
        return (await Ingestion.PublishEventAsync(new PublishEventRequest { Event = act }, cancellationToken: Cancel)).AsOf;
    }

    private async Task<RecommendResponse> SlateAsync(string user)
        => await Ranking.RecommendAsync(new RecommendRequest { UserId = user, DryRun = true }, cancellationToken: Cancel);

    private async Task<IReadOnlyList<RecommendManyResponse>> ManyAsync()
    {
        using var call = Ranking.RecommendMany(new RecommendManyRequest { UserIds = { User, Other } }, cancellationToken: Cancel);
        var made = new List<RecommendManyResponse>();
        while (await call.ResponseStream.MoveNext(Cancel))
        {
            made.Add(call.ResponseStream.Current);
        }

        return made;
    }

    private async Task<IReadOnlyList<string>> KeysAsync()
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(StoreAddress);
        return [.. redis.GetServers()[0].Keys(pattern: "*").Select(key => key.ToString())];
    }

    private string StoreAddress => _system.Services.GetRequiredService<IConfiguration>()["Redis:ConnectionString"]!;

    /// <summary>No key and value of the store, no record of a topic, no line, tag and span.</summary>
    private async Task AssertHoldsNoIdAsync()
    {
        var mark = Encoding.UTF8.GetBytes(Mark);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(StoreAddress);
        foreach (var key in await KeysAsync())
        {
            Assert.DoesNotContain(Mark, key, StringComparison.Ordinal);
            if (await redis.GetDatabase().KeyTypeAsync(key) == RedisType.String)
            {
                Assert.True(((byte[]?)await redis.GetDatabase().StringGetAsync(key)).AsSpan().IndexOf(mark) < 0, key);
            }
        }

        var (topics, logs) = (_system.Services.GetRequiredService<ITopics>(), _system.Services.GetRequiredService<IPartitionReader>());
        var ofUsers = 0;
        foreach (var topic in Topics.All.Select(topic => topic.Name))
        {
            for (var partition = 0; partition < await topics.PartitionsAsync(topic, Cancel); partition++)
            {
                await foreach (var record in logs.ReadToEndAsync(topic, partition, Cancel))
                {
                    Assert.DoesNotContain(Mark, record.Key ?? "", StringComparison.Ordinal);
                    Assert.True((record.Value ?? default).Span.IndexOf(mark) < 0, topic);
                    ofUsers += record.Key?.StartsWith("first.", StringComparison.Ordinal) == true ? 1 : 0;
                }
            }
        }

        Assert.True(ofUsers > 0, "no record of a user was read");
        Assert.DoesNotContain(_overheard.Lines, line => line.Contains(Mark, StringComparison.OrdinalIgnoreCase));
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), Cancel);
        }
    }
}
