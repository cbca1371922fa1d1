using CsCheck;
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

/// <summary>Document frequencies and TF-IDF vectors after any history against those of one batch of the items that are left.</summary>
[Trait("height", "harness")]
public sealed class ItemsHistoryTests : IDisposable
{
    private static readonly string[] Words = ["red", "blue", "shoe", "boot", "jacket", "tent", "stove", "rope"];

    private readonly TermExtractor _extractor = new(Options.Create(new TokensOptions()));
    private readonly ItemsMetrics _metrics = new(TestEncoders.Meters);

    public void Dispose() => _extractor.Dispose();

    [Fact]
    public async Task HandleAsync_AnyHistoryWithCrashesAndSecondReadings_EqualsOneBatch()
    {
        // Put an item with some of the words (0: delete it), or start again: how many records back, and after how many writes to fail.
        var put = Gen.Select(Gen.Int[0, 4], Gen.Int[0, 255], (item, words) => (Item: item, Words: words, Back: -1, Fail: 0));
        var restart = Gen.Select(Gen.Int[0, 12], Gen.Int[0, 3], (back, fail) => (Item: 0, Words: 0, Back: back, Fail: fail));
        var history = Gen.Frequency((5, put), (1, restart)).Array[1, 50];

        await history.SampleAsync(async steps =>
        {
            var (log, store) = (new InMemoryLog(), new InMemoryStateStore());
            foreach (var (item, words, back, fail) in steps)
            {
                if (back < 0)
                {
                    Append(log, item, words);
                    continue;
                }

                store.FailWrites = fail == 0 ? null : (fail - 1, new TimeoutException());
                await ReadAsync(log, store, back);
                store.FailWrites = null;
            }

            await ReadAsync(log, store, 3);

            var (batchLog, batch) = (new InMemoryLog(), new InMemoryStateStore());
            foreach (var (item, words, _, _) in steps.Where(step => step.Back < 0).Reverse().DistinctBy(step => step.Item))
            {
                Append(batchLog, item, words);
            }

            await ReadAsync(batchLog, batch, 0);
            Assert.Equal(await FrequenciesAsync(batch), await FrequenciesAsync(store));
            Assert.Equal(await VectorsAsync(batch), await VectorsAsync(store));
        });
    }

    private static void Append(InMemoryLog log, int item, int words)
    {
        var id = $"item{item}";
        if (words == 0)
        {
            log.Append(Topics.Items, 0, id, (byte[]?)null, DateTimeOffset.UnixEpoch);
            return;
        }

        var title = string.Join(' ', Words.Where((_, i) => (words >> i & 1) == 1));
        log.Append(Topics.Items, 0, id, new Item { ItemId = id, Title = title, Tags = { "red" } }, DateTimeOffset.UnixEpoch);
    }

    // From some records before what is in the store, in cuts of three.
    private async Task ReadAsync(InMemoryLog log, InMemoryStateStore store, int back)
    {
        var options = Options.Create(new ItemsOptions { ItemsPerCut = 3 });
        var context = new PartitionContext(
            "g", 0, new Dictionary<string, ulong> { [Topics.Items] = FixedTopics.Log }, new Dictionary<string, long>());
        var handler = new ItemsHandler(
            context,
            store,
            new ItemFeaturizer(_extractor, new HashEncoder(), TestEncoders.Pictures, Options.Create(new TokensOptions()), options),
            Options.Create(new TfIdfOptions()),
            options,
            _metrics);
        var start = (await handler.StartAsync(TestContext.Current.CancellationToken))[Topics.Items];
        try
        {
            await handler.HandleAsync(
                log.From(Topics.Items, 0, Math.Max(0, start - back)), new RecordingOutput(), TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            // The store went away between its writes; the next reading goes on from what it holds.
        }
    }

    private static async Task<string> FrequenciesAsync(InMemoryStateStore store)
    {
        var (_, fields) = await store.ReadHashAsync(Keys.DocumentFrequencies(0), TestContext.Current.CancellationToken);
        return string.Join(' ', fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}:{field.Value}"));
    }

    private static async Task<string> VectorsAsync(InMemoryStateStore store)
    {
        var (_, counts) = await store.ReadHashAsync(Keys.DocumentFrequencies(0), TestContext.Current.CancellationToken);
        var lines = new List<string>();
        for (var item = 0; item < 5; item++)
        {
            if (!store.Values.TryGetValue(Keys.Item($"item{item}"), out var value)
                || FencedValue.Payload(value) is not { IsEmpty: false } bytes)
            {
                continue;
            }

            var weights = ItemFeatures.Parser.ParseFrom(bytes.Span).Terms.ToDictionary(
                term => term.Term,
                term => term.Weight * (Math.Log((1.0 + counts[Vocabulary.ItemsField]) / (1.0 + counts[term.Term])) + 1));
            var norm = Math.Sqrt(weights.Values.Sum(weight => weight * weight));
            lines.Add($"{item} " + string.Join(' ', weights.Select(weight => $"{weight.Key}:{weight.Value / norm:R}")));
        }

        return string.Join('\n', lines);
    }
}
