using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Strata.Contracts.Common.V1;
using Strata.Featurizer.Embeddings;
using Strata.Numerics;

namespace Strata.Featurizer.Tests.Embeddings;

[Trait("height", "harness")]
public sealed class OnnxEncoderTests(ITestOutputHelper output)
{
    private sealed record Expected(string Text, long[] Ids, float[] Vector);

    // The reference tokenizer's ids and the reference runtime's vectors of the bare texts, without a prefix.
    private static readonly Expected[] Reference =
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "expected", "expected.jsonl")).Select(
            line => JsonSerializer.Deserialize<Expected>(line, JsonSerializerOptions.Web)!),
    ];

    [Fact]
    public void Tokens_TheReferenceTexts_EqualTheReferenceTokenizer()
    {
        Assert.Equal(24, Reference.Length);
        Assert.All(Reference, expected => Assert.Equal(expected.Ids, TestEncoders.Real.Tokens(expected.Text)));
    }

    [Fact]
    public void Run_TheReferenceTexts_PointWhereTheReferenceRuntimePoints()
    {
        Assert.All(Reference, expected =>
        {
            var vector = TestEncoders.Real.Run(TestEncoders.Real.Tokens(expected.Text));

            var cosine = VectorMath.Dot(vector, expected.Vector) / MathF.Sqrt(
                VectorMath.Dot(vector, vector) * VectorMath.Dot(expected.Vector, expected.Vector));
            Assert.True(cosine >= .999f, $"{expected.Text}: {cosine}");
        });
    }

    [Fact]
    public async Task EncodePassageAsync_ManyAtOnce_GivesTheSameBytesAsAlone()
    {
        var texts = Reference.Select(expected => expected.Text).ToArray();
        var alone = new List<string>();
        foreach (var text in texts)
        {
            alone.Add((await TestEncoders.Real.EncodePassageAsync(text, TestContext.Current.CancellationToken)).ToString());
        }

        var together = await Task.WhenAll(
            texts.Select(text => TestEncoders.Real.EncodePassageAsync(text, TestContext.Current.CancellationToken).AsTask()));

        Assert.Equal(alone, together.Select(vector => vector.ToString()));
    }

    [Fact]
    public async Task EncodeAsync_Prefixes_AreTheOptions()
    {
        var options = new EmbeddingsOptions { PassagePrefix = "passage: " };
        using var encoder = new OnnxEncoder(Options.Create(options), new EmbeddingsMetrics(TestEncoders.Meters));
        var query = Components(await encoder.EncodeQueryAsync("red shoes", TestContext.Current.CancellationToken));
        var passage = Components(await encoder.EncodePassageAsync("red shoes", TestContext.Current.CancellationToken));

        Assert.True(VectorMath.Dot(query, encoder.Run(encoder.Tokens("query: red shoes"))) > .9995f);
        Assert.True(VectorMath.Dot(passage, encoder.Run(encoder.Tokens("passage: red shoes"))) > .9995f);
        Assert.True(VectorMath.Dot(query, passage) < .999f);
    }

    [Fact]
    public async Task EncodeAsync_Defaults_CompareItemsAsTheyCompareQueries()
    {
        var query = await TestEncoders.Real.EncodeQueryAsync("red shoes", TestContext.Current.CancellationToken);
        var passage = await TestEncoders.Real.EncodePassageAsync("red shoes", TestContext.Current.CancellationToken);

        Assert.Equal(query, passage);
    }

    [Fact]
    public async Task Dispose_WhileTextsAreEncoded_WaitsForThoseInsideAndTurnsAwayTheOthers()
    {
        var text = string.Join(' ', Enumerable.Range(0, 400).Select(i => $"mattress number {i}"));
        var encoder = new OnnxEncoder(
            Options.Create(new EmbeddingsOptions { Concurrency = 2 }), new EmbeddingsMetrics(TestEncoders.Meters));
        var calls = Enumerable.Range(0, 6)
            .Select(_ => encoder.EncodePassageAsync(text, TestContext.Current.CancellationToken).AsTask())
            .ToList();
        await Task.Delay(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);

        encoder.Dispose();

        var ends = await Task.WhenAll(calls.Select(async call => await Record.ExceptionAsync(() => call)))
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Contains(ends, end => end is null);
        Assert.All(ends.Where(end => end is not null), end => Assert.IsType<ObjectDisposedException>(end));
    }

    [Fact]
    public async Task EncodePassageAsync_Throughput_IsReported()
    {
        var texts = Enumerable.Range(0, 200).Select(i => $"Signature design medium firm memory foam mattress number {i}").ToArray();
        var started = Stopwatch.GetTimestamp();

        await Task.WhenAll(
            texts.Select(text => TestEncoders.Real.EncodePassageAsync(text, TestContext.Current.CancellationToken).AsTask()));

        var rate = texts.Length / Stopwatch.GetElapsedTime(started).TotalSeconds;
        output.WriteLine($"{rate:F0} texts/s of {TestEncoders.Real.Tokens("passage: " + texts[0]).Length} tokens");
        Assert.True(rate > 5, $"{rate:F1} texts/s: the model does not run as it should");
    }

    [Fact]
    public void Check_NothingIsDecomposed_NamesTheRemedy()
    {
        IcuRequirement.Check(text => text.Normalize(System.Text.NormalizationForm.FormD));

        var fault = Assert.Throws<InvalidOperationException>(() => IcuRequirement.Check(text => text));

        Assert.Contains("icu-libs", fault.Message, StringComparison.Ordinal);
    }

    private static float[] Components(Vector vector)
    {
        var components = new float[vector.Codes.Length];
        Int8Codec.Decode(MemoryMarshal.Cast<byte, sbyte>(vector.Codes.Span), vector.Scale, components);
        return components;
    }
}
