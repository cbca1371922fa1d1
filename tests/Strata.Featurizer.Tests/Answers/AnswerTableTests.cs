using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Strata.Contracts;
using Strata.Contracts.Common.V1;
using Strata.Contracts.Features.V1;
using Strata.Featurizer.Answers;
using Strata.Featurizer.Answers.Core;
using Strata.Featurizer.Embeddings;
using Strata.Featurizer.Tests.Doubles;
using Strata.Streaming.Records;
using Strata.Testing.Doubles;

namespace Strata.Featurizer.Tests.Answers;

[Trait("height", "unit")]
public sealed class AnswerTableTests
{
    private static readonly AnswersOptions AnyAnswer = new() { LeastCosine = -1 };

    [Fact]
    public async Task AnswerAsync_WhilePlainTextsAreEncoded_WaitsForTheRightPoint()
    {
        var cancel = TestContext.Current.CancellationToken;
        var encoder = new HeldEncoder();
        var table = new AnswerTable(encoder, Options.Create(AnyAnswer), NullLogger<AnswerTable>.Instance);
        var query = await encoder.Inner.EncodeQueryAsync("shoes", cancel);

        // Encoding begins with the reading, holds it up nowhere, and no search has to ask for it.
        await table.ApplyAsync(await ItemsAsync(encoder, 30), cancel);
        table.CaughtUp();
        await encoder.Begun.Task.WaitAsync(TimeSpan.FromMinutes(1), cancel);
        var answer = table.AnswerAsync(query, cancel).AsTask();
        var early = answer.IsCompleted;
        encoder.Release.SetResult();

        Assert.False(early);
        Assert.Equal(await ExpectedAsync(encoder.Inner, 30, query), await answer);
    }

    [Fact]
    public async Task AnswerAsync_AfterEncodingFailed_TriesAgain()
    {
        var cancel = TestContext.Current.CancellationToken;
        var encoder = new HeldEncoder();
        var table = new AnswerTable(encoder, Options.Create(AnyAnswer), NullLogger<AnswerTable>.Instance);
        var query = await encoder.Inner.EncodeQueryAsync("shoes", cancel);
        await table.ApplyAsync(await ItemsAsync(encoder, 30), cancel);
        table.CaughtUp();
        var first = table.AnswerAsync(query, cancel).AsTask();

        encoder.Release.SetException(new IOException("away"));
        await Assert.ThrowsAsync<IOException>(() => first);
        encoder.Release = new TaskCompletionSource();
        encoder.Release.SetResult();

        Assert.Equal(await ExpectedAsync(encoder.Inner, 30, query), await table.AnswerAsync(query, cancel));
    }

    private static async Task<QueryAnswer?> ExpectedAsync(HashEncoder encoder, int count, Vector query)
    {
        var cancel = TestContext.Current.CancellationToken;
        var index = new AnswerIndex(AnyAnswer);
        for (var i = 0; i < count; i++)
        {
            index.Put($"i{i}", await encoder.EncodePassageAsync($"item {i}", cancel));
        }

        index.Publish();
        var plain = await PlainTexts.MeansAsync(
            text => encoder.EncodeQueryAsync(text, cancel), text => encoder.EncodePassageAsync(text, cancel));
        return index.Answer(query, plain);
    }

    private static async Task<IReadOnlyList<StreamRecord>> ItemsAsync(IEncoder encoder, int count)
    {
        var log = new InMemoryLog();
        var vectors = new HashEncoder();
        for (var i = 0; i < count; i++)
        {
            var vector = await vectors.EncodePassageAsync($"item {i}", CancellationToken.None);
            var features = new ItemFeatures { ItemId = $"i{i}", Encoder = encoder.Name, Embedding = vector };
            log.Append(Topics.ItemFeatures, 0, $"i{i}", features, DateTimeOffset.UnixEpoch);
        }

        return log.From(Topics.ItemFeatures, 0, 0);
    }

    /// <summary>Gives nothing until it is released.</summary>
    private sealed class HeldEncoder : IEncoder
    {
        public HashEncoder Inner { get; } = new();

        public TaskCompletionSource Begun { get; } = new();

        public TaskCompletionSource Release { get; set; } = new();

        public string Name => Inner.Name;

        public async ValueTask<Vector> EncodePassageAsync(string text, CancellationToken cancellationToken)
        {
            await HoldAsync();
            return await Inner.EncodePassageAsync(text, cancellationToken);
        }

        public async ValueTask<Vector> EncodeQueryAsync(string text, CancellationToken cancellationToken)
        {
            await HoldAsync();
            return await Inner.EncodeQueryAsync(text, cancellationToken);
        }

        private Task HoldAsync()
        {
            Begun.TrySetResult();
            return Release.Task;
        }
    }
}
