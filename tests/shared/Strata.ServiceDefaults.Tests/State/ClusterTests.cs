using Strata.Contracts;
using Strata.ServiceDefaults.State;
using Strata.Testing.Stores;

namespace Strata.ServiceDefaults.Tests.State;

/// <summary>Redis Cluster refuses a command over keys of several slots.</summary>
[Trait("height", "real")]
public sealed class ClusterTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WriteAndRead_KeysOfManySlots_AllCome()
    {
        Assert.SkipUnless(RedisServerStore.IsAvailable, "no redis-server on the PATH");
        await using var redis = await RedisServerStore.StartAsync(Cancel, cluster: true);
        await using var client = new StoreClient(redis.ConnectionString);
        var keys = Enumerable.Range(0, 100).SelectMany(i => new[] { Keys.Profile($"u{i}"), Keys.UserLayers($"u{i}") }).ToArray();

        await client.Store.WriteAsync(
            [.. keys.Select((key, i) => new StateWrite(key, default, FencedValue.Encode([new Fence(7, i)], [(byte)i])))],
            [new(Keys.Position("g", "t", 0), new Fence(7, 100)), new(Keys.Position("g", "t", 1), new Fence(7, 200))],
            Cancel);

        var read = await client.Store.ReadAsync(keys, Cancel);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => (byte)i), read.Select(value => FencedValue.Payload(value).Span[0]));
        Assert.Equal(
            [new Fence(7, 100), new Fence(7, 200)],
            await client.Store.ReadPositionsAsync([Keys.Position("g", "t", 0), Keys.Position("g", "t", 1)], Cancel));
    }

    [Fact]
    public async Task SetAside_KeyWhoseQuarantineLiesOnAnotherShard_Moves()
    {
        Assert.SkipUnless(RedisServerStore.IsAvailable, "no redis-server on the PATH");
        await using var redis = await RedisServerStore.StartAsync(Cancel, cluster: true);
        await using var client = new StoreClient(redis.ConnectionString);
        byte[] garbage = FencedValue.Encode([], [1, 2]);
        await client.Store.WriteAsync([new StateWrite(Keys.Item("i1"), default, garbage)], [], Cancel);

        await client.Store.SetAsideAsync(Keys.Item("i1"), new byte[] { 9 }, "it was another", Cancel);
        var kept = await client.Store.ReadAsync([Keys.Item("i1"), Keys.Quarantine(Keys.Item("i1"))], Cancel);
        await client.Store.SetAsideAsync(Keys.Item("i1"), garbage, "it is no item", Cancel);
        var read = await client.Store.ReadAsync([Keys.Item("i1"), Keys.Quarantine(Keys.Item("i1"))], Cancel);

        Assert.Equal(garbage, kept[0]!.Value.ToArray());
        Assert.Null(kept[1]);
        Assert.Null(read[0]);
        Assert.Equal(garbage, read[1]!.Value.ToArray());
    }
}
