using StackExchange.Redis;
using Strata.Contracts;
using Strata.Contracts.State.V1;
using Strata.ServiceDefaults.State;
using Strata.Testing.Stores;

namespace Strata.ServiceDefaults.Tests.State;

/// <summary>Values that cannot be used, whatever they are.</summary>
public abstract class QuarantineTests(TestStore store) : IAsyncLifetime
{
    private readonly string _user = Guid.NewGuid().ToString("N");
    private StoreClient _client = null!;
    private ConnectionMultiplexer _redis = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IDatabase Redis => _redis.GetDatabase();

    private string Profile => Keys.Profile(_user);

    public async ValueTask InitializeAsync()
    {
        _client = new StoreClient(store.ConnectionString);
        _redis = await ConnectionMultiplexer.ConnectAsync(store.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task ReadMessagesAsync_NoMessage_IsSetAsideAndReadsAsAbsent()
    {
        await Redis.StringSetAsync(Profile, "garbage");

        var read = await ReadAsync(Profile);

        Assert.Null(read.Message);
        Assert.True(read.Header.IsEmpty);
        Assert.Equal("garbage", await Redis.StringGetAsync(Keys.Quarantine(Profile)));
        Assert.InRange((await Redis.KeyTimeToLiveAsync(Keys.Quarantine(Profile)))!.Value.TotalDays, 29, 30);
        await WriteAsync(Profile);
        Assert.Equal(3ul, (await ReadAsync(Profile)).Message!.Events);
    }

    [Fact]
    public async Task ReadMessagesAsync_KeyOfNoUser_IsSetAsideToo()
    {
        var key = Keys.Item(_user);
        await Redis.StringSetAsync(key, new byte[] { 200, 1 });

        await ReadAsync(key);

        Assert.False(await Redis.KeyExistsAsync(key));
        Assert.Equal(new byte[] { 200, 1 }, (byte[]?)await Redis.StringGetAsync(Keys.Quarantine(key)));
    }

    [Fact]
    public async Task SetAsideAsync_ValueThatIsAnotherByNow_StaysWhereItIs()
    {
        await WriteAsync(Profile);

        await _client.Store.SetAsideAsync(Profile, "garbage"u8.ToArray(), "it was read before", Cancel);

        Assert.Equal(3ul, (await ReadAsync(Profile)).Message!.Events);
        Assert.False(await Redis.KeyExistsAsync(Keys.Quarantine(Profile)));
    }

    [Fact]
    public async Task WriteAsync_KeyOfAnotherType_IsSetAsideAndTheNextAttemptWrites()
    {
        await Redis.ListRightPushAsync(Profile, "garbage");

        await Assert.ThrowsAsync<StateFencedException>(() => WriteAsync(Profile));

        Assert.Equal("garbage", await Redis.ListGetByIndexAsync(Keys.Quarantine(Profile), 0));
        await WriteAsync(Profile);
        Assert.Equal(3ul, (await ReadAsync(Profile)).Message!.Events);
    }

    [Theory]
    [InlineData("no hash")]
    [InlineData("no number")]
    [InlineData("absurd count")]
    [InlineData("no fence")]
    [InlineData("cut fence")]
    public async Task ReadHashAsync_NoCounts_IsSetAsideAndCountsBeginAnew(string what)
    {
        var key = $"df:{_user}";
        var fence = FenceBytes.Write(new Fence(7, 4));
        await (what switch
        {
            "no hash" => Redis.StringSetAsync(key, "garbage"),
            "no number" => (Task)Redis.HashSetAsync(key, [new("#fence", fence), new("dog", "many")]),
            "absurd count" => Redis.HashSetAsync(key, [new("#fence", fence), new("dog", long.MaxValue)]),
            "no fence" => Redis.HashSetAsync(key, [new("dog", 2)]),
            _ => Redis.HashSetAsync(key, [new("#fence", fence[..5]), new("dog", 2)]),
        });

        var (read, fields) = await _client.Store.ReadHashAsync(key, Cancel);

        Assert.Equal(default, read);
        Assert.Empty(fields);
        Assert.True(await Redis.KeyExistsAsync(Keys.Quarantine(key)));
        await _client.Store.WriteAsync(new StateIncrement(key, default, new Fence(7, 1), [new("dog", 1)]), [], [], Cancel);
        Assert.Equal(1, (await _client.Store.ReadHashAsync(key, Cancel)).Fields["dog"]);
    }

    [Fact]
    public async Task ReadPositionsAsync_NoPosition_IsSetAsideAndBeginsAnew()
    {
        var key = Keys.Position("g", _user, 0);
        await Redis.StringSetAsync(key, "garbage");

        Assert.Equal([default], await _client.Store.ReadPositionsAsync([key], Cancel));
        Assert.True(await Redis.KeyExistsAsync(Keys.Quarantine(key)));
    }

    private async Task<Stored<Profile>> ReadAsync(string key)
        => (await _client.Store.ReadMessagesAsync([key], Contracts.State.V1.Profile.Parser, Cancel))[0];

    private Task WriteAsync(string key)
    {
        var value = FencedValue.Encode([new Fence(7, 1)], Google.Protobuf.MessageExtensions.ToByteArray(new Profile { Events = 3 }));
        return _client.Store.WriteAsync([new StateWrite(key, default, value)], [], Cancel).AsTask();
    }
}

/// <summary>On the best store at hand.</summary>
[Trait("height", "real")]
public sealed class QuarantineOnRedisTests(StoreFixture fixture) : QuarantineTests(fixture.Store), IClassFixture<StoreFixture>;

/// <summary>On Garnet in process, as Strata.Local has it.</summary>
[Trait("height", "embedded")]
public sealed class QuarantineOnGarnetTests(GarnetFixture fixture) : QuarantineTests(fixture.Store), IClassFixture<GarnetFixture>;
