using Google.Protobuf;
using Microsoft.Extensions.Options;
using Strata.Contracts;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Features.V1;
using Strata.Featurizer.Items;
using Strata.Featurizer.Tests.Doubles;
using Strata.Featurizer.Tests.Embeddings;
using Strata.Featurizer.TfIdf;
using Strata.Featurizer.TfIdf.Core;
using Strata.Featurizer.Tokens.Core;
using Strata.ServiceDefaults.State;
using Strata.Streaming.Consuming;
using Strata.Testing.Doubles;

namespace Strata.Featurizer.Tests.Items;

[Trait("height", "harness")]
public sealed class ItemsHandlerTests : IDisposable
{
    private readonly InMemoryStateStore _store = new();
    private readonly InMemoryLog _log = new();
    private readonly HashEncoder _encoder = new();
    private readonly TermExtractor _extractor = new(Options.Create(new TokensOptions()));
    private readonly ItemsMetrics _metrics = new(TestEncoders.Meters);

    public void Dispose() => _extractor.Dispose();

    [Fact]
    public async Task HandleAsync_NewItems_WritesFeaturesCountsTermsAndSends()
    {
        Put("a", "Red shoes");
        Put("b", "Red jacket");

        var output = await RunAsync();

        Assert.Equal(["a", "b"], output.SentTo<ItemFeatures>(Topics.ItemFeatures).Select(features => features.ItemId));
        var stored = Stored("a")!;
        Assert.Equal(output.SentTo<ItemFeatures>(Topics.ItemFeatures)[0], stored);
        Assert.Equal(["red", "shoe"], stored.Terms.Select(term => term.Term));
        Assert.Equal(2u, stored.Length);
        Assert.Equal(384, stored.Embedding.Codes.Length);
        Assert.Equal("jacket:1 red:2 shoe:1 #items:2", await FrequenciesAsync());
        Assert.Equal(2, output.Committed(Topics.Items));
        Assert.Equal(new Fence(FixedTopics.Log, 2), _store.Positions[Keys.Position("g", Topics.Items, 0)]);
    }

    [Fact]
    public async Task HandleAsync_UpdateAndTombstone_SubtractTheOldTerms()
    {
        Put("a", "Red shoes");
        Put("b", "Red jacket");
        await RunAsync();

        Put("a", "Blue shoes");
        Delete("b");
        var output = await RunAsync(2);

        Assert.Equal("blue:1 shoe:1 #items:1", await FrequenciesAsync());
        Assert.Null(Stored("b"));
        Assert.Equal(["a", "b"], output.Sent.Select(message => message.Key));
        Assert.Null(output.Sent[1].Value);
    }

    [Fact]
    public async Task HandleAsync_TitleChangesAndStays_SaysSinceWhenItIs()
    {
        Put("a", "Red shoes", updatedMs: 1_000);
        await RunAsync();
        Assert.Equal(0, Stored("a")!.TitleSinceUnixMs);

        Put("a", "Blue shoes", updatedMs: 2_000);
        Put("a", "Blue shoes", updatedMs: 3_000);
        await RunAsync(1);
        Assert.Equal(2_000, Stored("a")!.TitleSinceUnixMs);

        Put("a", "Blue shoes", updatedMs: 4_000);
        await RunAsync(3);
        Assert.Equal(2_000, Stored("a")!.TitleSinceUnixMs);
    }

    [Fact]
    public async Task HandleAsync_SeveralVersionsInOneBatch_CountsAndEncodesTheLast()
    {
        Put("a", "Red shoes");
        Put("a", "Blue shoes");
        Put("b", "Green");
        Delete("b");
        Put("a", "Blue boots");

        var output = await RunAsync();

        Assert.Equal("blue:1 boot:1 #items:1", await FrequenciesAsync());
        Assert.Equal(1, _encoder.Calls);
        Assert.Equal("Blue boots", Assert.Single(output.SentTo<ItemFeatures>(Topics.ItemFeatures)).Title);
    }

    [Fact]
    public async Task HandleAsync_CrashBetweenFrequenciesAndValues_CountsOnce()
    {
        Put("a", "Red shoes");
        Put("b", "Red jacket");
        _store.FailWrites = (1, new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(() => RunAsync());
        _store.FailWrites = null;
        Put("a", "Blue boots");

        await RunAsync();

        Assert.Equal("blue:1 boot:1 jacket:1 red:1 #items:2", await FrequenciesAsync());
    }

    [Fact]
    public async Task HandleAsync_CrashBeforeTheCommit_SendsTheSameAgainWithoutEncoding()
    {
        Put("a", "Red shoes");
        Put("b", "Red jacket");
        Delete("c");
        var first = await RunAsync();
        var encoded = _encoder.Calls;

        var second = await RunAsync();

        Assert.Equal(encoded, _encoder.Calls);
        Assert.Equal(3, second.Sent.Count);
        Assert.Equal(first.Sent.Select(Bytes), second.Sent.Select(Bytes));
        Assert.Equal("jacket:1 red:2 shoe:1 #items:2", await FrequenciesAsync());
    }

    [Fact]
    public async Task HandleAsync_StoreLostEverything_RestoresItAndSendsNothingAgain()
    {
        Put("a", "Red shoes");
        Put("b", "Red jacket");
        await RunAsync();
        var before = _store.Values[Keys.Item("a")];
        var empty = new InMemoryStateStore();

        var (output, start) = await RunAsync(empty, committed: 2, from: 0);

        Assert.Equal(0, start);
        Assert.Empty(output.Sent);
        Assert.Empty(output.Commits);
        Assert.Equal(before, empty.Values[Keys.Item("a")]);
        var (_, fields) = await empty.ReadHashAsync(Keys.DocumentFrequencies(0), TestContext.Current.CancellationToken);
        Assert.Equal(3, fields.Count(field => field.Key != Vocabulary.ItemsField));
    }

    [Fact]
    public async Task HandleAsync_FrequenciesLostItemsKept_CountsThemAgain()
    {
        Put("a", "Red shoes");
        Put("a", "Red boots");
        await RunAsync();
        var partial = new InMemoryStateStore();
        partial.Values[Keys.Item("a")] = _store.Values[Keys.Item("a")];

        await RunAsync(partial, committed: 2, from: 0);

        var (_, fields) = await partial.ReadHashAsync(Keys.DocumentFrequencies(0), TestContext.Current.CancellationToken);
        Assert.Equal(
            "#items:1 boot:1 red:1",
            string.Join(' ', fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}:{field.Value}")));
    }

    [Fact]
    public async Task HandleAsync_RecordThatCannotBeRead_IsDeadLettered()
    {
        _log.Append(Topics.Items, 0, "a", [0xFF, 0xFF], DateTimeOffset.UnixEpoch);
        _log.Append(Topics.Items, 0, "b", new Item { ItemId = "c", Title = "x" }, DateTimeOffset.UnixEpoch);
        Put("d", "Good");

        var output = await RunAsync();

        Assert.Equal(["a", "b"], output.Dead.Select(dead => dead.Record.Key));
        Assert.Equal("d", Assert.Single(output.Sent).Key);
        Assert.Equal(3, output.Committed(Topics.Items));
    }

    [Fact]
    public async Task HandleAsync_AnotherWriter_IsFenced()
    {
        Put("a", "Red shoes");
        var slow = Handler(_store, 0);
        await slow.StartAsync(TestContext.Current.CancellationToken);
        await RunAsync();
        Put("a", "Blue");
        await RunAsync(1);

        await Assert.ThrowsAsync<StateFencedException>(
            async () => await slow.HandleAsync(
                _log.From(Topics.Items, 0, 0).Take(1).ToArray(), new RecordingOutput(), TestContext.Current.CancellationToken));

        Assert.Equal("Blue", Stored("a")!.Title);
    }

    private static string Bytes(SentMessage message)
        => $"{message.Key} {(message.Value is null ? "null" : Convert.ToBase64String(message.Value.ToByteArray()))}";

    private void Put(string id, string title, long updatedMs = 0)
    {
        var updated = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(updatedMs));
        _log.Append(Topics.Items, 0, id, new Item { ItemId = id, Title = title, Updated = updated }, DateTimeOffset.UnixEpoch);
    }

    private void Delete(string id) => _log.Append(Topics.Items, 0, id, (byte[]?)null, DateTimeOffset.UnixEpoch);

    private ItemFeatures? Stored(string id)
        => _store.Values.TryGetValue(Keys.Item(id), out var value) ? ItemFeatures.Parser.ParseFrom(FencedValue.Payload(value).Span) : null;

    private async Task<string> FrequenciesAsync()
    {
        var (_, fields) = await _store.ReadHashAsync(Keys.DocumentFrequencies(0), TestContext.Current.CancellationToken);
        return string.Join(
            ' ',
            fields.OrderBy(field => field.Key[0] == '#')
                .ThenBy(field => field.Key, StringComparer.Ordinal)
                .Select(field => $"{field.Key}:{field.Value}"));
    }

    private async Task<RecordingOutput> RunAsync(long from = 0) => (await RunAsync(_store, from, from)).Output;

    private async Task<(RecordingOutput Output, long Start)> RunAsync(InMemoryStateStore store, long committed, long from)
    {
        var output = new RecordingOutput();
        var handler = Handler(store, committed);
        var start = await handler.StartAsync(TestContext.Current.CancellationToken);
        await handler.HandleAsync(_log.From(Topics.Items, 0, from), output, TestContext.Current.CancellationToken);
        return (output, start[Topics.Items]);
    }

    private ItemsHandler Handler(IStateStore store, long committed)
    {
        var options = Options.Create(new ItemsOptions());
        var context = new PartitionContext(
            "g",
            0,
            new Dictionary<string, ulong> { [Topics.Items] = FixedTopics.Log },
            new Dictionary<string, long> { [Topics.Items] = committed });
        return new ItemsHandler(
            context,
            store,
            new ItemFeaturizer(_extractor, _encoder, TestEncoders.Pictures, Options.Create(new TokensOptions()), options),
            Options.Create(new TfIdfOptions()),
            options,
            _metrics);
    }
}
