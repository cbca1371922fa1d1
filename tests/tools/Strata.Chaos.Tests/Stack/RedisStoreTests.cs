using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Strata.Chaos.Stack;
using Strata.Contracts;
using Strata.ServiceDefaults.State;

namespace Strata.Chaos.Tests.Stack;

/// <summary>What is held of a Redis Cluster whose nodes go, by the store that services use.</summary>
[Trait("height", "real")]
public sealed class RedisStoreTests : IDisposable
{
    private const int Primaries = 3;
    private const int Users = 60;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly string Position = Keys.Position("featurizer", "strata.events.v1", 0);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("strata-cluster-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Cluster_AnotherNodeThanThePositionsComesBackEmpty_StateIsLost()
    {
        await using var redis = await StartAsync();
        await using var services = Client(redis);
        var store = services.GetRequiredService<IStateStore>();
        await store.ReadPositionsAsync([Position], Cancel);
        await WriteAsync(store, 1);
        await store.CheckPositionsAsync([Position], Cancel);

        var other = (await HolderAsync(redis) + 1) % Primaries;
        foreach (var node in new[] { other, other + Primaries })
        {
            await redis.Nodes[node].KillAndEmptyAsync();
        }

        foreach (var node in new[] { other, other + Primaries })
        {
            await redis.Nodes[node].StartAsync(Cancel);
        }

        var lost = await Assert.ThrowsAsync<StateLostException>(() => UntilFaultAsync(store).WaitAsync(Patience, Cancel));

        Assert.Contains("was 1 and is 0", lost.Message, StringComparison.Ordinal);
        Assert.Equal([default], await store.ReadPositionsAsync([Position], Cancel));
    }

    [Fact]
    public async Task Cluster_ReplicaTakesOver_WritesGoOnAndNothingIsLost()
    {
        await using var redis = await StartAsync();
        await using var services = Client(redis);
        var store = services.GetRequiredService<IStateStore>();
        await store.ReadPositionsAsync([Position], Cancel);
        await WriteAsync(store, 1);
        foreach (var replica in redis.Nodes.Skip(Primaries))
        {
            while (!(await replica.ExecuteAsync("INFO", "keyspace")).Contains("keys=", StringComparison.Ordinal))
            {
                await Task.Delay(50, Cancel);
            }
        }

        await redis.Nodes[(await HolderAsync(redis) + 1) % Primaries].KillAsync();
        await WriteAsync(store, 2);

        await using var successor = Client(redis);
        Assert.Equal([new Fence(7, 2)], await successor.GetRequiredService<IStateStore>().ReadPositionsAsync([Position], Cancel));
        Assert.Equal(Users, await HeldAsync(successor.GetRequiredService<IStateStore>(), 2));
    }

    private static ServiceProvider Client(RedisStore redis)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Redis:ConnectionString"] = redis.Address,
            ["Redis:PositionCheckInterval"] = "00:00:00.100",
            ["Redis:TotalTimeout"] = "00:01:00",
            ["Redis:AttemptTimeout"] = "00:00:01",
            ["Redis:Retries"] = "100",
        }).Build();
        return new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration).AddStateStore().BuildServiceProvider();
    }

    private static async Task WriteAsync(IStateStore store, byte number)
        => await store.WriteAsync(
            [
                .. Enumerable.Range(0, Users).Select(user => new StateWrite(
                    Keys.Profile($"u{user}"),
                    number == 1 ? default : FencedValue.Header(FencedValue.Encode([new Fence(7, number - 1)], [])),
                    FencedValue.Encode([new Fence(7, number)], [number]))),
            ],
            [new(Position, new Fence(7, number))],
            Cancel);

    private static async Task<int> HeldAsync(IStateStore store, byte number)
        => (await store.ReadAsync([.. Enumerable.Range(0, Users).Select(user => Keys.Profile($"u{user}"))], Cancel))
            .Count(value => value is not null && FencedValue.Payload(value).Span[0] == number);

    private static async Task UntilFaultAsync(IStateStore store)
    {
        while (true)
        {
            await store.CheckPositionsAsync([Position], Cancel);
            await Task.Delay(50, Cancel);
        }
    }

    /// <summary>Index of the primary that the position itself lies on.</summary>
    private static async Task<int> HolderAsync(RedisStore redis)
        => int.Parse(await redis.Nodes[0].ExecuteAsync("CLUSTER", "KEYSLOT", Position), CultureInfo.InvariantCulture) * Primaries / 16_384;

    private async Task<RedisStore> StartAsync()
    {
        Assert.SkipUnless(
            (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "redis-server"))),
            "no redis-server on the PATH");
        return await RedisStore.StartAsync("redis-server", _folder.FullName, Primaries, Cancel);
    }
}
