using Strata.ServiceDefaults.State;
using Strata.Testing.Stores;

namespace Strata.ServiceDefaults.Tests.State;

/// <summary>What happens when Redis goes away in the middle and comes back.</summary>
[Trait("height", "real")]
public sealed class StoreOutageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WriteAsync_RedisKilledAndBack_GoesThroughAndNothingAckedIsLost()
    {
        Assert.SkipUnless(RedisServerStore.IsAvailable, "no redis-server on the PATH");
        await using var redis = await RedisServerStore.StartAsync(Cancel, fsync: "always");
        await using var client = new StoreClient(
            redis.ConnectionString, ("TotalTimeout", "00:00:30"), ("AttemptTimeout", "00:00:01"), ("Retries", "50"));
        var first = FencedValue.Encode([new Fence(7, 1)], "first"u8);
        await client.Store.WriteAsync([new StateWrite("k", default, first)], [new("p", new Fence(7, 1))], Cancel);

        await redis.KillAsync();
        var second = FencedValue.Encode([new Fence(7, 2)], "second"u8);
        var write = new StateWrite("k", FencedValue.Header(first), second);
        var writing = client.Store.WriteAsync([write], [new("p", new Fence(7, 2))], Cancel).AsTask();
        await redis.RestartAsync(Cancel);
        await writing;

        Assert.Equal(second, (await client.Store.ReadAsync(["k"], Cancel))[0]!.Value.ToArray());
        Assert.Equal([new Fence(7, 2)], await client.Store.ReadPositionsAsync(["p"], Cancel));
    }

    [Fact]
    public async Task WriteAsync_RedisKilledBeforeThePositionAndItsFileLacksTheValues_WritesThemAgain()
    {
        Assert.SkipUnless(RedisServerStore.IsAvailable, "no redis-server on the PATH");
        await using var redis = await RedisServerStore.StartAsync(Cancel, fsync: "always");
        await using var proxy = new StoreProxy(redis.ConnectionString);
        await using var client = new StoreClient(proxy.Address, ("AttemptTimeout", "00:00:01"), ("Retries", "50"));
        var first = FencedValue.Encode([new Fence(7, 1)], "first"u8);
        await client.Store.WriteAsync([new StateWrite("k", default, first)], [new("the-position", new Fence(7, 1))], Cancel);

        // The first request that names the position compares it, the second sets it, behind the answer about the value.
        var length = redis.Written();
        var named = 0;
        proxy.Passes = async request =>
        {
            if (request.Span.IndexOf("the-position"u8) < 0 || ++named != 2)
            {
                return true;
            }

            await redis.KillAndLoseAsync(length);
            await redis.RestartAsync(Cancel);
            return false;
        };
        var second = FencedValue.Encode([new Fence(7, 2)], "second"u8);
        var write = new StateWrite("k", FencedValue.Header(first), second);
        var counts = new StateIncrement("df", default, new Fence(7, 2), [new("tent", 1)]);
        await client.Store.WriteAsync(counts, [write], [new("the-position", new Fence(7, 2))], Cancel);

        Assert.True(named > 2);
        Assert.Equal([new Fence(7, 2)], await client.Store.ReadPositionsAsync(["the-position"], Cancel));
        Assert.Equal(second, (await client.Store.ReadAsync(["k"], Cancel))[0]!.Value.ToArray());
        Assert.Equal(1, (await client.Store.ReadHashAsync("df", Cancel)).Fields["tent"]);
    }

    [Fact]
    public async Task WriteAsync_RedisCameBackEmpty_SaysSoAndWritesNothing()
    {
        Assert.SkipUnless(RedisServerStore.IsAvailable, "no redis-server on the PATH");
        await using var redis = await RedisServerStore.StartAsync(Cancel);
        await using var client = new StoreClient(redis.ConnectionString, ("AttemptTimeout", "00:00:01"), ("Retries", "50"));
        await client.Store.ReadPositionsAsync(["p"], Cancel);
        await client.Store.WriteAsync([], [new("p", new Fence(7, 5))], Cancel);

        await redis.KillAndEmptyAsync();
        await redis.RestartAsync(Cancel);
        var write = new StateWrite("new", default, FencedValue.Encode([new Fence(7, 6)], "v"u8));
        var writing = client.Store.WriteAsync([write], [new("p", new Fence(7, 6))], Cancel).AsTask();

        await Assert.ThrowsAsync<StateLostException>(() => writing);
        Assert.Null((await client.Store.ReadAsync(["new"], Cancel))[0]);
        Assert.Equal([default], await client.Store.ReadPositionsAsync(["p"], Cancel));
        await client.Store.WriteAsync([write], [new("p", new Fence(7, 6))], Cancel);
    }

    [Fact]
    public async Task CheckPositionsAsync_RedisKilledAndBackEmpty_SaysSoOnlyWhenItIsBack()
    {
        Assert.SkipUnless(RedisServerStore.IsAvailable, "no redis-server on the PATH");
        await using var redis = await RedisServerStore.StartAsync(Cancel);
        await using var client = new StoreClient(
            redis.ConnectionString,
            ("AttemptTimeout", "00:00:00.500"),
            ("TotalTimeout", "00:00:01"),
            ("PositionCheckInterval", "00:00:00.050"));
        await client.Store.ReadPositionsAsync(["p"], Cancel);
        await client.Store.WriteAsync([], [new("p", new Fence(7, 5))], Cancel);
        await client.Store.CheckPositionsAsync(["p"], Cancel);

        await redis.KillAndEmptyAsync();
        await client.Store.CheckPositionsAsync(["p"], Cancel);
        await redis.RestartAsync(Cancel);
        var lost = await Assert.ThrowsAsync<StateLostException>(async () =>
        {
            using var budget = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            budget.CancelAfter(TimeSpan.FromSeconds(20));
            using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
            while (await tick.WaitForNextTickAsync(budget.Token))
            {
                await client.Store.CheckPositionsAsync(["p"], Cancel);
            }
        });

        Assert.Contains("was 5 and is 0", lost.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_NoRedisAtAll_FailsWithinTheTotalTimeout()
    {
        await using var client = new StoreClient(
            "127.0.0.1:1", ("TotalTimeout", "00:00:02"), ("AttemptTimeout", "00:00:00.300"), ("ConnectTimeout", "00:00:00.300"));

        var fault = await Assert.ThrowsAnyAsync<Exception>(() => client.Store.ReadAsync(["k"], Cancel).AsTask());

        Assert.True(ServiceDefaults.Redis.RedisFaults.IsUnavailable(fault), fault.ToString());
    }
}
