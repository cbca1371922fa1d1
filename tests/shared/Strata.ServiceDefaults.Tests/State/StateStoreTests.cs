using System.Text;
using Strata.ServiceDefaults.State;
using Strata.Testing.Stores;

namespace Strata.ServiceDefaults.Tests.State;

/// <summary>What every store must do. Run against each kind by the classes below.</summary>
public abstract class StateStoreTests(TestStore store) : IAsyncLifetime
{
    private readonly string _prefix = $"test:{Guid.NewGuid():N}:";
    private StoreClient _client = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected IStateStore Store => _client.Store;

    public ValueTask InitializeAsync()
    {
        _client = new StoreClient(store.ConnectionString);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync() => await _client.DisposeAsync();

    [Fact]
    public async Task ReadAsync_NothingThere_AnswersNullInOrder()
    {
        await WriteAsync("b", default, Value(1, "bee"));

        var read = await Store.ReadAsync([Key("a"), Key("b"), Key("c")], Cancel);

        Assert.Null(read[0]);
        Assert.Equal("bee", Text(read[1]));
        Assert.Null(read[2]);
    }

    [Fact]
    public async Task WriteAsync_HeaderAsExpected_ReplacesValueOfAnyBytes()
    {
        var bytes = Enumerable.Range(0, 1024).Select(i => (byte)i).ToArray();
        var first = FencedValue.Encode([new Fence(0xFFFE_0D0A_00FF_8081, 1)], bytes);
        await WriteAsync("k", default, first);

        var second = FencedValue.Encode([new Fence(0xFFFE_0D0A_00FF_8081, 2)], bytes.Reverse().ToArray());
        await WriteAsync("k", FencedValue.Header(first), second);

        Assert.Equal(second, (await Store.ReadAsync([Key("k")], Cancel))[0]!.Value.ToArray());
    }

    [Fact]
    public async Task WriteAsync_OtherWriterWasThere_ThrowsAndChangesNothing()
    {
        var seen = Value(1, "mine");
        await WriteAsync("k", default, seen);
        await WriteAsync("k", FencedValue.Header(seen), Value(5, "the other's"));

        await Assert.ThrowsAsync<StateFencedException>(() => WriteAsync("k", FencedValue.Header(seen), Value(2, "late")));

        Assert.Equal("the other's", Text((await Store.ReadAsync([Key("k")], Cancel))[0]));
    }

    [Fact]
    public async Task WriteAsync_AbsentExpectedButValueThere_Throws()
    {
        await WriteAsync("k", default, Value(1, "there"));

        await Assert.ThrowsAsync<StateFencedException>(() => WriteAsync("k", default, Value(2, "new")));
    }

    [Fact]
    public async Task WriteAsync_ValueExpectedButAbsent_Throws()
        => await Assert.ThrowsAsync<StateFencedException>(() => WriteAsync("k", FencedValue.Header(Value(1, "gone")), Value(2, "new")));

    [Fact]
    public async Task WriteAsync_FewerFencesThanExpected_Throws()
    {
        // The stored header begins like the expected one but is longer: bytes of the payload must not be taken for a fence.
        var two = FencedValue.Encode([new Fence(7, 1), new Fence(8, 1)], "x"u8);
        await WriteAsync("k", default, two);

        await Assert.ThrowsAsync<StateFencedException>(() => WriteAsync("k", FencedValue.Header(Value(1, "x")), Value(2, "y")));
    }

    [Fact]
    public async Task WriteAsync_RepeatedAfterLostAnswer_SucceedsAndKeepsTheValue()
    {
        var before = Value(1, "before");
        await WriteAsync("k", default, before);
        await WriteAsync("k", FencedValue.Header(before), Value(2, "after"));

        await WriteAsync("k", FencedValue.Header(before), Value(2, "after"));

        Assert.Equal("after", Text((await Store.ReadAsync([Key("k")], Cancel))[0]));
    }

    [Fact]
    public async Task WriteAsync_NullValue_DeletesAndMayBeRepeated()
    {
        var value = Value(1, "x");
        await WriteAsync("k", default, value);

        await WriteAsync("k", FencedValue.Header(value), null);
        await WriteAsync("k", FencedValue.Header(value), null);

        Assert.Null((await Store.ReadAsync([Key("k")], Cancel))[0]);
    }

    [Fact]
    public async Task WriteAsync_DeleteOfChangedValue_Throws()
    {
        var seen = Value(1, "x");
        await WriteAsync("k", default, seen);
        await WriteAsync("k", FencedValue.Header(seen), Value(2, "y"));

        await Assert.ThrowsAsync<StateFencedException>(() => WriteAsync("k", FencedValue.Header(seen), null));
    }

    [Fact]
    public async Task WriteAsync_Positions_AreReadBack()
    {
        await Store.WriteAsync([], [new(Key("p0"), new Fence(ulong.MaxValue, 12)), new(Key("p1"), new Fence(3, long.MaxValue))], Cancel);

        var read = await Store.ReadPositionsAsync([Key("p1"), Key("none"), Key("p0")], Cancel);

        Assert.Equal([new Fence(3, long.MaxValue), default, new Fence(ulong.MaxValue, 12)], read);
    }

    [Fact]
    public async Task WriteAsync_OneOfBatchFenced_LeavesPositionsAlone()
    {
        await WriteAsync("taken", default, Value(9, "other"));

        StateWrite[] writes = [new(Key("free"), default, Value(1, "x")), new(Key("taken"), default, Value(1, "y"))];
        await Assert.ThrowsAsync<StateFencedException>(() => Store.WriteAsync(writes, [new(Key("p"), new Fence(7, 2))], Cancel).AsTask());

        Assert.Equal([default], await Store.ReadPositionsAsync([Key("p")], Cancel));
    }

    [Fact]
    public async Task WriteAsync_ThousandKeys_AllCome()
    {
        var keys = Enumerable.Range(0, 1000).Select(i => Key($"{{u:{i}}}:profile")).ToArray();

        await Store.WriteAsync([.. keys.Select((k, i) => new StateWrite(k, default, Value(i, $"value {i}")))], [], Cancel);
        await Store.WriteAsync(
            [.. keys.Select((k, i) => new StateWrite(k, FencedValue.Header(Value(i, string.Empty)), Value(i + 1, $"value {i} again")))],
            [],
            Cancel);

        var read = await Store.ReadAsync(keys, Cancel);
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"value {i} again"), read.Select(Text));
    }

    [Fact]
    public async Task WriteAsync_CountsWithFenceAsExpected_AddsAndRemovesZeros()
    {
        var (first, second) = (new Fence(0x80FF_0A0D_0000_FFFE, 10), new Fence(0x80FF_0A0D_0000_FFFE, 20));
        await AddAsync(default, first, [new("cat", 2), new("dog", 1), new("größe", 3)]);

        await AddAsync(first, second, [new("cat", -2), new("dog", 4)]);

        Assert.Equal(new Dictionary<string, long> { ["dog"] = 5, ["größe"] = 3 }, (await Store.ReadHashAsync(Key("df"), Cancel)).Fields);
        Assert.Equal(second, (await Store.ReadHashAsync(Key("df"), Cancel)).Fence);
    }

    [Fact]
    public async Task WriteAsync_CountsRepeatedAfterLostAnswer_AddsOnce()
    {
        var next = new Fence(7, 10);
        await AddAsync(default, next, [new("cat", 2)]);

        await AddAsync(default, next, [new("cat", 2)]);

        Assert.Equal(2, (await Store.ReadHashAsync(Key("df"), Cancel)).Fields["cat"]);
    }

    [Fact]
    public async Task WriteAsync_CountsWhereOtherWriterWasThere_ThrowsAndAddsNothing()
    {
        await AddAsync(default, new Fence(7, 10), [new("cat", 2)]);

        await Assert.ThrowsAsync<StateFencedException>(
            () => AddAsync(new Fence(7, 5), new Fence(7, 12), [new("cat", 1)]));

        Assert.Equal(2, (await Store.ReadHashAsync(Key("df"), Cancel)).Fields["cat"]);
    }

    [Fact]
    public async Task WriteAsync_CountsOfFiveThousandFields_AllAdd()
    {
        var increments = Enumerable.Range(0, 5000).Select(i => new KeyValuePair<string, long>($"term{i}", i + 1)).ToArray();

        await AddAsync(default, new Fence(7, 1), increments);

        var (_, read) = await Store.ReadHashAsync(Key("df"), Cancel);
        Assert.Equal(increments.ToDictionary(), read);
    }

    [Fact]
    public async Task ReadHashAsync_NothingThere_IsEmpty()
    {
        var (fence, fields) = await Store.ReadHashAsync(Key("df"), Cancel);

        Assert.Empty(fields);
        Assert.Equal(default, fence);
    }

    [Fact]
    public async Task WriteCacheAsync_ThenRead_Answers()
    {
        await Store.WriteCacheAsync(Key("c"), "blob"u8.ToArray(), TimeSpan.FromMinutes(1), Cancel);

        var read = await Store.ReadCacheAsync([Key("c"), Key("d")], Cancel);

        Assert.Equal("blob"u8.ToArray(), read[0]!.Value.ToArray());
        Assert.Null(read[1]);
    }

    private static byte[] Value(long next, string payload) => FencedValue.Encode([new Fence(7, next)], Encoding.UTF8.GetBytes(payload));

    private static string? Text(ReadOnlyMemory<byte>? value)
        => value is null ? null : Encoding.UTF8.GetString(FencedValue.Payload(value).Span);

    private string Key(string name) => _prefix + name;

    private Task AddAsync(Fence expected, Fence next, IReadOnlyList<KeyValuePair<string, long>> amounts)
        => Store.WriteAsync(new StateIncrement(Key("df"), expected, next, amounts), [], [], Cancel).AsTask();

    private Task WriteAsync(string key, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte>? value)
        => Store.WriteAsync([new StateWrite(Key(key), expected, value)], [], Cancel).AsTask();
}

/// <summary>On the best store at hand.</summary>
[Trait("height", "real")]
public sealed class StateStoreOnRedisTests(StoreFixture fixture) : StateStoreTests(fixture.Store), IClassFixture<StoreFixture>;

/// <summary>On Garnet in process, as Strata.Local has it.</summary>
[Trait("height", "embedded")]
public sealed class StateStoreOnGarnetTests(GarnetFixture fixture) : StateStoreTests(fixture.Store), IClassFixture<GarnetFixture>;

/// <summary>One Garnet for a class.</summary>
public sealed class GarnetFixture : IAsyncDisposable
{
    public GarnetStore Store { get; } = new();

    public ValueTask DisposeAsync() => Store.DisposeAsync();
}
