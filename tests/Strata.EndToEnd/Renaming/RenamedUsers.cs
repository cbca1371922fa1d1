using System.Security.Cryptography;
using System.Text.Json;
using Grpc.Net.Client;
using StackExchange.Redis;
using Strata.Cli.Frame;
using Strata.Contracts;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.Users.V1;
using Strata.EndToEnd.Harness;
using Strata.ServiceDefaults.Pseudonyms;
using Strata.Testing.Brokers;
using Strata.Testing.Stores;
using Strata.Testing.Systems;
using IngestionClient = Strata.Contracts.Ingestion.V1.Ingestion.IngestionClient;
using RankingClient = Strata.Contracts.Ranking.V1.Ranking.RankingClient;
using UsersClient = Strata.Contracts.Users.V1.Users.UsersClient;

namespace Strata.EndToEnd.Renaming;

/// <summary>
/// Under pseudonyms neither log nor store holds an id. After a rotation of the key <c>strata pseudonyms rekey</c> brings all that is held
/// under the new names while the services that own it are killed: each event counts once, nothing is lost, forgetting reaches all names.
/// </summary>
[Trait("height", "system")]
public sealed class RenamedUsers : IDisposable
{
    private const int Events = 100;
    private const string Ids = "shopper-";
    private const string Both = "shopper-who-stays";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("strata-renamed-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string KeysFile => Path.Combine(_folder.FullName, "pseudonyms.keys");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Rekey_WhileOwnersAreKilled_BringsAllUnderTheNewKeyOnce_AndForgettingReachesAllNames()
    {
        var (found, reason) = await BrokerChoice.RealAsync(1, Cancel);
        Assert.SkipWhen(found is null, $"no real broker: {reason}");
        await using var broker = found!;
        Assert.SkipUnless(RedisServerStore.IsAvailable, "no redis-server on the PATH");
        await using var store = await RedisServerStore.StartAsync(Cancel);
        await File.WriteAllTextAsync(KeysFile, Line("first"), Cancel);
        var users = Path.Combine(_folder.FullName, "users.keys");
        await File.WriteAllTextAsync(users, Line("users"), Cancel);
        await using var deployment = await Deployment.StartAsync(
            broker,
            store,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Pseudonyms:KeysFile"] = KeysFile,
                ["Users:KeysFile"] = users,
                ["Clustering:Reducer:SettleTime"] = "00:00:05",
                ["Clustering:Segments:LeastUsers"] = "2",
                ["Clustering:Segments:PublishEvery"] = "00:00:01",
                ["Optimizer:Outcomes:Window"] = "00:00:02",
                ["Optimizer:Outcomes:ImplicitWindow"] = "00:00:01",
                ["Optimizer:Outcomes:Lateness"] = "00:00:01",
                ["Ranking:Holdings:ForgetTimeout"] = "00:01:00",
            },
            Cancel);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(store.ConnectionString);
        await using var reader = new StateReader(broker, store);
        using var ingestion = GrpcChannel.ForAddress(deployment["Ingestion"].Grpc);
        using var ranking = GrpcChannel.ForAddress(deployment["Ranking"].Grpc);
        var (calls, slates) = (new UsersClient(ranking), new RankingClient(ranking));
        var replay = new SampleEvents(deployment, Events);
        await replay.PutItemsAsync(Cancel);
        await reader.UntilSeededAsync(Cancel);
        Step("seeded");
        await replay.PublishAsync(0, 1, null, Cancel);
        var shoppers = replay.Published;
        await reader.UntilStillAsync(shoppers, Cancel);
        var attributes = new UserAttributes { UserId = Both, Region = "NZ" };
        await new IngestionClient(ingestion).PutUsersAsync(new PutUsersRequest { Users = { attributes } }, cancellationToken: Cancel);
        var slate = await slates.RecommendAsync(new RecommendRequest { UserId = Both }, cancellationToken: Cancel);
        await ClickAsync(ingestion, Both, slate.Items[0].ItemId, slate.RequestId);
        await UntilAsync("counts", async () => (await ExportAsync(calls, Both)) is { Counters: not null, Layers.Count: > 0 });
        var before = shoppers.Keys.ToDictionary(user => user, user => NamedState.Profile(redis, NamesOf(user)[0]), StringComparer.Ordinal);
        var weights = shoppers.Keys.ToDictionary(user => user, user => NamedState.Weights(redis, NamesOf(user)[0]), StringComparer.Ordinal);
        Step("known");
        await NamedState.AssertHoldsNoIdAsync(redis, reader, Ids);

        // The matrix of all users is what each one's call says, by name.
        var rowsOf = shoppers.Keys.Append(Both).Where(user => NamedState.Weights(redis, NamesOf(user)[0]) is not null)
            .ToDictionary(user => user, user => NamesOf(user)[0], StringComparer.Ordinal);
        await UntilAsync(
            "the matrix", async () => await MatrixWay.DifferenceAsync(broker, store, _folder, ranking, rowsOf, Cancel) < .05);
        Step("exported");
        await UntilAsync("segments", () => SegmentsWay.AreToldAsync(ranking, [.. rowsOf.Keys], Cancel));
        Step("in segments");

        // The key is rotated, and somebody acts under the new one.
        await File.WriteAllTextAsync(KeysFile, Line("second") + await File.ReadAllTextAsync(KeysFile, Cancel), Cancel);
        await UntilAsync("the new key", async () =>
        {
            await ClickAsync(ingestion, Both, slate.Items[1].ItemId);
            return await redis.GetDatabase().KeyExistsAsync(Keys.Profile(NamesOf(Both)[0]))
                && (await ExportAsync(calls, Both)).OlderNames.Count > 0; // each service reads the file at its own time
        });
        var older = Assert.Single((await ExportAsync(calls, Both)).OlderNames);
        Assert.Equal((NamesOf(Both)[1], "NZ"), (older.Name, older.Profile.Attributes.Region));
        Assert.True(older.Counters is not null && older.Layers.Count > 0);
        var rows = (await RekeyAsync(broker, store, "--dry-run")).Rows;
        Assert.Equal((1, shoppers.Count + 1), (rows["second"], rows["first"]));

        Step("rotated");

        // Brought over, while each owner is killed.
        var rekeying = RekeyAsync(broker, store, "--at-once", "8");
        foreach (var owner in new[] { "Featurizer", "Clustering", "Optimizer" })
        {
            await deployment.CrashAsync(owner, Cancel);
        }

        Step("killed");
        var (done, _) = await rekeying;
        Step("rekeyed");
        Assert.Equal(ExitCode.Done, done);
        await UntilAsync("counts under the new names", async () => (await RekeyAsync(broker, store, "--dry-run")).Rows["first"] == 0);
        await UntilAsync("arrival", () => Task.FromResult(shoppers.Keys.Select(user => NamesOf(user)[0]).All(
            name => NamedState.Profile(redis, name) is not null && NamedState.Weights(redis, name) is not null)));
        Assert.All(before, user => Assert.Equal(user.Value, NamedState.Profile(redis, NamesOf(user.Key)[0])));
        Assert.Equal(shoppers.Values.Sum(), before.Sum(user => (int)user.Value!.Events));
        Assert.All(weights, user => NamedState.AssertNear(user.Value!, NamedState.Weights(redis, NamesOf(user.Key)[0])!));
        Assert.All(shoppers.Keys, user => Assert.InRange(
            redis.GetDatabase().KeyTimeToLive(Keys.Profile(NamesOf(user)[1]))!.Value.TotalDays, 34, 35));
        var own = await ExportAsync(calls, Both);
        Assert.Empty(own.OlderNames);
        Assert.Equal([slate.Items[1].ItemId, slate.Items[0].ItemId], own.Profile.Items.Select(item => item.ItemId).Take(2));
        Assert.Equal("NZ", own.Profile.Attributes.Region);
        Assert.NotNull(own.Counters);
        Assert.True((await RekeyAsync(broker, store)).Rows["second"] >= shoppers.Count);
        await NamedState.AssertHoldsNoIdAsync(redis, reader, Ids);

        Step("compared");

        // Two ids turn out to be one user's.
        var (visitor, known) = (shoppers.MaxBy(user => user.Value).Key, Both);
        var events = before[visitor]!.Events + own.Profile.Events;
        var merged = await calls.MergeUsersAsync(new MergeUsersRequest { UserId = known, FromUserId = visitor }, cancellationToken: Cancel);
        Assert.Equal((true, true), (merged.Profile, merged.Layers));
        await UntilAsync("the visitor's acts", async () => (await ExportAsync(calls, known)).Profile.Events == events);
        Assert.Null((await ExportAsync(calls, visitor)).Profile?.Items.FirstOrDefault());

        Step("merged");

        // Forgotten under every name.
        var receipt = await calls.ForgetUserAsync(new ForgetUserRequest { UserId = known }, cancellationToken: Cancel);
        var verified = await calls.VerifyForgottenAsync(
            new VerifyForgottenRequest { UserId = known, Receipt = receipt }, cancellationToken: Cancel);
        Assert.Equal((true, true, false), (verified.Genuine, verified.Forgotten, verified.Returned));
        Assert.DoesNotContain(NamedState.KeysOf(redis), key => NamesOf(known).Any(name => key.Contains(name, StringComparison.Ordinal)));
        await NamedState.AssertHoldsNoIdAsync(redis, reader, Ids);
        Assert.All(await deployment.StopAsync(), code => Assert.Equal(0, code.Value));
    }

    private static void Step(string what)
        => TestContext.Current.SendDiagnosticMessage("{0} at {1:T}", what, TimeProvider.System.GetUtcNow());

    private static string Line(string name) => $"{name} {Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}\n";

    private IReadOnlyList<string> NamesOf(string user) => [.. PseudonymKey.NamesOf(user, PseudonymKey.ReadFile(KeysFile))];

    private async Task<(ExitCode Code, IReadOnlyDictionary<string, int> Rows)> RekeyAsync(
        IBroker broker, TestStore store, params string[] more)
    {
        var (code, output, said) = await StrataTool.RunAsync(
        [
            "pseudonyms", "rekey", "--keys", KeysFile, "--kafka", broker.BootstrapServers, "--redis", store.ConnectionString, .. more,
        ]);
        Assert.True(output.Length > 0, said);
        return (code, JsonDocument.Parse(output).RootElement.GetProperty("keys").EnumerateArray()
            .ToDictionary(row => row.GetProperty("key").GetString()!, row => row.GetProperty("users").GetInt32(), StringComparer.Ordinal));
    }

    private static async Task ClickAsync(GrpcChannel ingestion, string user, string item, string request = "")
    {
        var act = new UserEvent { UserId = user, Kind = EventKind.Click, ItemId = item, RequestId = request };
        await new IngestionClient(ingestion).PublishEventAsync(new PublishEventRequest { Event = act }, cancellationToken: Cancel);
    }

    private static async Task<ExportUserResponse> ExportAsync(UsersClient calls, string user)
        => await calls.ExportUserAsync(new ExportUserRequest { UserId = user }, cancellationToken: Cancel);

    private static async Task UntilAsync(string what, Func<Task<bool>> condition)
    {
        using var budget = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            Assert.False(budget.IsCancellationRequested, $"waited {Patience} for {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(300), Cancel);
        }
    }
}
