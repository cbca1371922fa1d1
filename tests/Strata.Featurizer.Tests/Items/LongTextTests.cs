using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Common.V1;
using Strata.Contracts.Features.V1;
using Strata.Featurizer.Embeddings;
using Strata.Featurizer.Embeddings.Core;
using Strata.Featurizer.Items;
using Strata.Featurizer.Tests.Embeddings;
using Strata.Featurizer.Tokens.Core;
using Strata.Numerics;
using Strata.Testing;

namespace Strata.Featurizer.Tests.Items;

/// <summary>
/// Whether the end of a long text helps: questions of more than 128 tokens, their tags left out of the text; how many of the ten nearest
/// questions share a tag, and how many the tag that is the rarest of the question.
/// </summary>
[Trait("height", "harness")]
public sealed class LongTextTests(ITestOutputHelper output)
{
    private static readonly int EncodedLength = new ItemsOptions().EncodedLength;

    private readonly RememberingEncoder _encoder = new(TestEncoders.Real);

    [Fact]
    public async Task EmbedAsync_LongQuestions_HaveSomewhatBetterNeighboursByChunks()
    {
        var questions = Read();
        var found = new List<double>();
        foreach (var chunks in new[] { 1, 2, 4, 8 })
        {
            using var extractor = new TermExtractor(Options.Create(new TokensOptions()));
            var featurizer = new ItemFeaturizer(
                extractor,
                _encoder,
                TestEncoders.Pictures,
                Options.Create(new TokensOptions()),
                Options.Create(new ItemsOptions { Chunks = chunks }));
            var vectors = await Task.WhenAll(questions.Select(question => VectorAsync(featurizer, question)));
            Centre(vectors);
            var (shared, rarest) = Measure(questions, vectors);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {chunks} | {shared:F3} | {rarest:F3} |"));
            found.Add(shared);
        }

        Assert.InRange(found[0], .4, 1);
        Assert.All(found.Skip(1), chunked => Assert.InRange(chunked, found[0], found[0] + .05));
    }

    // Without the tags, by which it is judged.
    private static async Task<float[]> VectorAsync(ItemFeaturizer featurizer, Item question)
    {
        var plain = new Item(question);
        plain.Tags.Clear();
        var features = new ItemFeatures();
        await featurizer.EmbedAsync(plain, features, TestContext.Current.CancellationToken);
        return Vectors.ToUnit(features.Embedding);
    }

    // As where vectors are compared: the mean of all of them taken off.
    private static void Centre(float[][] vectors)
    {
        var mean = new float[vectors[0].Length];
        foreach (var vector in vectors)
        {
            VectorMath.AddScaled(mean, vector, 1f / vectors.Length);
        }

        foreach (var vector in vectors)
        {
            VectorMath.AddScaled(vector, mean, -1);
            VectorMath.TryNormalize(vector);
        }
    }

    private static (double Shared, double Rarest) Measure(List<Item> questions, float[][] vectors)
    {
        var counts = questions.SelectMany(question => question.Tags).CountBy(tag => tag).ToDictionary();
        var (shared, rarest, places) = (0, 0, 0);
        for (var i = 0; i < questions.Count; i++)
        {
            if (questions[i].Description.Length <= EncodedLength)
            {
                continue;
            }

            var tag = questions[i].Tags.OrderBy(tag => counts[tag]).FirstOrDefault(tag => counts[tag] >= 5);
            foreach (var other in Enumerable.Range(0, questions.Count)
                .Where(other => other != i)
                .OrderByDescending(other => VectorMath.Dot(vectors[i], vectors[other]))
                .Take(10))
            {
                places++;
                shared += questions[other].Tags.Intersect(questions[i].Tags).Any() ? 1 : 0;
                rarest += tag is not null && questions[other].Tags.Contains(tag) ? 1 : 0;
            }
        }

        return ((double)shared / places, (double)rarest / places);
    }

    private static List<Item> Read()
    {
        var path = Path.Combine(SharedFolder.Find() ?? "", "data", "se_quantum_2018", "items.jsonl.gz");
        Assert.SkipUnless(File.Exists(path), "the folder shared/data/se_quantum_2018 is not there");
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var questions = new List<Item>();
        while (reader.ReadLine() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            questions.Add(new Item
            {
                Title = json.RootElement.GetProperty("title").GetString(),
                Description = json.RootElement.GetProperty("body").GetString(),
                Tags = { json.RootElement.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()) },
            });
        }

        return questions;
    }

    // Chunks that several runs have in common are encoded once.
    private sealed class RememberingEncoder(IEncoder inner) : IEncoder
    {
        private readonly ConcurrentDictionary<string, Task<Vector>> _known = new(StringComparer.Ordinal);

        public string Name => inner.Name;

        public async ValueTask<Vector> EncodePassageAsync(string text, CancellationToken cancellationToken)
            => await _known.GetOrAdd(text, _ => inner.EncodePassageAsync(text, cancellationToken).AsTask());

        public ValueTask<Vector> EncodeQueryAsync(string text, CancellationToken cancellationToken)
            => inner.EncodeQueryAsync(text, cancellationToken);
    }
}
