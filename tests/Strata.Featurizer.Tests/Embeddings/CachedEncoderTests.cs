using Microsoft.Extensions.Options;
using Strata.Featurizer.Embeddings;
using Strata.Featurizer.Tests.Doubles;
using Strata.Testing.Doubles;

namespace Strata.Featurizer.Tests.Embeddings;

[Trait("height", "harness")]
public sealed class CachedEncoderTests
{
    private readonly InMemoryStateStore _store = new();
    private readonly HashEncoder _inner = new();

    [Fact]
    public async Task EncodeQueryAsync_SecondTime_ComesFromMemory()
    {
        var encoder = Encoder(memory: 10);

        var first = await encoder.EncodeQueryAsync("red", TestContext.Current.CancellationToken);
        var second = await encoder.EncodeQueryAsync("red", TestContext.Current.CancellationToken);

        Assert.Same(first, second);
        Assert.Equal(1, _inner.Calls);
    }

    [Fact]
    public async Task EncodeQueryAsync_AnotherProcess_GetsTheSameBytesFromTheStore()
    {
        var first = await Encoder(memory: 10).EncodeQueryAsync("red", TestContext.Current.CancellationToken);

        var second = await Encoder(memory: 10).EncodeQueryAsync("red", TestContext.Current.CancellationToken);

        Assert.Equal(first, second);
        Assert.Equal(1, _inner.Calls);
    }

    [Fact]
    public async Task EncodePassageAsync_SameTextAsAQuery_IsNotMistakenForIt()
    {
        var encoder = Encoder(memory: 10);

        var query = await encoder.EncodeQueryAsync("red", TestContext.Current.CancellationToken);
        var passage = await encoder.EncodePassageAsync("red", TestContext.Current.CancellationToken);

        Assert.NotEqual(query, passage);
    }

    [Fact]
    public async Task EncodeQueryAsync_MemoryFullAndStoreOff_EncodesAgain()
    {
        var encoder = Encoder(memory: 3, TimeSpan.Zero);

        foreach (var text in (string[])["red", "blue", "green", "white", "black", "red"])
        {
            await encoder.EncodeQueryAsync(text, TestContext.Current.CancellationToken);
        }

        Assert.Equal(6, _inner.Calls);
    }

    private CachedEncoder Encoder(int memory, TimeSpan? expiry = null)
        => new(
            _inner,
            _store,
            Options.Create(new EmbeddingsOptions { MemoryCache = memory, StoreExpiry = expiry ?? TimeSpan.FromDays(1) }),
            new EmbeddingsMetrics(TestEncoders.Meters));
}
