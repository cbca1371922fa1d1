using System.Text;
using StackExchange.Redis;
using Strata.Contracts;
using Strata.ServiceDefaults.Redis;
using Strata.ServiceDefaults.State;
using Strata.Testing.Stores;

namespace Strata.ServiceDefaults.Tests.State;

/// <summary>What an operator orders, the owner does, before it reads its positions. Run against each kind by the classes below.</summary>
public abstract class RebuildOrderTests(TestStore store) : IAsyncLifetime
{
    private readonly string _prefix = $"test:{Guid.NewGuid():N}:";
    private StoreClient _client = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IStateStore Store => _client.Store;

    public ValueTask InitializeAsync()
    {
        _client = new StoreClient(store.ConnectionString, ("PositionCheckInterval", "00:00:00.050"));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync() => await _client.DisposeAsync();

    [Fact]
    public async Task ReadPositionsAsync_OrderToRebuild_IsFollowedFirst()
    {
        await using var operators = await ConnectionMultiplexer.ConnectAsync(store.ConnectionString);
        var redis = operators.GetDatabase();
        string[] positions = [Keys.Position(_prefix, "events", 0), Keys.Position(_prefix, "users", 0)];
        var users = Enumerable.Range(0, 600).Select(user => Key($"{user}")).ToArray();
        await Store.WriteAsync(
            [.. users.Select(user => new StateWrite(user, default, Value(9, "poison")))],
            [new(positions[0], new Fence(7, 9)), new(positions[1], new Fence(8, 5))],
            Cancel);

        await RebuildOrders.GiveAsync(
            redis,
            positions,
            [
                (positions[0], FenceBytes.Write(new Fence(7, 4))),
                .. users.Select((user, i) => (user, i % 2 == 0 ? null : (ReadOnlyMemory<byte>?)Value(3, "as it was"))),
            ]);
        var pending = await RebuildOrders.IsPendingAsync(redis, positions[0]);
        var untouched = await Store.ReadAsync(users, Cancel);
        var read = await Store.ReadPositionsAsync(positions, Cancel);

        Assert.True(pending);
        Assert.All(untouched, value => Assert.Equal("poison", Text(value)));
        Assert.Equal([new Fence(7, 4), default], read);
        Assert.Equal(
            users.Select((_, i) => i % 2 == 0 ? null : "as it was"), (await Store.ReadAsync(users, Cancel)).Select(Text));
        Assert.False(await RebuildOrders.IsPendingAsync(redis, positions[0]));
    }

    [Fact]
    public async Task CheckPositionsAsync_OrderToRebuild_IsSeenAsALoss()
    {
        await using var operators = await ConnectionMultiplexer.ConnectAsync(store.ConnectionString);
        string[] positions = [Keys.Position(_prefix, "events", 1)];
        await Store.WriteAsync([], [new(positions[0], new Fence(7, 9))], Cancel);

        await RebuildOrders.GiveAsync(operators.GetDatabase(), positions, []);

        await Assert.ThrowsAsync<StateLostException>(() => Store.CheckPositionsAsync(positions, Cancel).AsTask());
    }

    private static byte[] Value(long next, string payload) => FencedValue.Encode([new Fence(7, next)], Encoding.UTF8.GetBytes(payload));

    private static string? Text(ReadOnlyMemory<byte>? value)
        => value is null ? null : Encoding.UTF8.GetString(FencedValue.Payload(value).Span);

    private string Key(string name) => _prefix + name;
}

/// <summary>On the best store at hand.</summary>
[Trait("height", "real")]
public sealed class RebuildOrderOnRedisTests(StoreFixture fixture) : RebuildOrderTests(fixture.Store), IClassFixture<StoreFixture>;

/// <summary>On Garnet in process, as Strata.Local has it.</summary>
[Trait("height", "embedded")]
public sealed class RebuildOrderOnGarnetTests(GarnetFixture fixture) : RebuildOrderTests(fixture.Store), IClassFixture<GarnetFixture>;
