using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Common.V1;
using Strata.Contracts.Features.V1;
using Strata.Featurizer.Embeddings;
using Strata.Featurizer.Items;
using Strata.Featurizer.Items.Core;
using Strata.Featurizer.Pictures;
using Strata.Featurizer.TfIdf.Core;
using Strata.Featurizer.Tokens.Core;

namespace Strata.Evaluator.Texts;

/// <summary>The Featurizer's own item step and encoder, with vectors remembered on disk.</summary>
internal sealed class TextFeatures : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly VectorCache _cache;
    private readonly EmbeddingsOptions _embeddings = new();
    private readonly TokensOptions _tokens = new();
    private readonly ItemsOptions _items = new();
    private OnnxEncoder? _encoder;

    public TextFeatures(string cacheFolder)
    {
        _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        _cache = VectorCache.Open(cacheFolder, _embeddings.Name);
        Terms = new TermExtractor(Options.Create(_tokens));
    }

    /// <summary>Cuts texts into terms.</summary>
    public TermExtractor Terms { get; }

    /// <summary>Name of the encoder.</summary>
    public string Encoder => _embeddings.Name;

    /// <summary>Characters of an item's text that are encoded.</summary>
    public int EncodedLength => _items.EncodedLength;

    /// <summary>Features of items, as the Featurizer would publish them.</summary>
    /// <param name="items">Items.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="cancellationToken">Gives up; what was encoded is kept.</param>
    public async Task<ItemFeatures[]> DescribeAsync(IReadOnlyList<Item> items, Action<int> progress, CancellationToken cancellationToken)
    {
        var vectors = await EncodeAsync(
            'p', [.. items.Select(item => ItemText.ForEncoder(item, _items.EncodedLength))], progress, cancellationToken);
        using var pictures = ActivatorUtilities.CreateInstance<PictureEncoder>(
            _services, Options.Create(new PicturesOptions()), ActivatorUtilities.CreateInstance<PicturesMetrics>(_services));
        var featurizer = new ItemFeaturizer(Terms, new Known(Encoder), pictures, Options.Create(_tokens), Options.Create(_items));
        var features = new ItemFeatures[items.Count];
        for (var i = 0; i < features.Length; i++)
        {
            features[i] = featurizer.Describe(items[i]);
            features[i].Embedding = vectors[i];
        }

        return features;
    }

    /// <summary>Vectors of queries.</summary>
    public Task<Vector[]> QueriesAsync(IReadOnlyList<string> queries, Action<int> progress, CancellationToken cancellationToken)
        => EncodeAsync('q', queries, progress, cancellationToken);

    /// <summary>Vectors of texts that can be found.</summary>
    public Task<Vector[]> PassagesAsync(IReadOnlyList<string> texts, Action<int> progress, CancellationToken cancellationToken)
        => EncodeAsync('p', texts, progress, cancellationToken);

    /// <summary>Term frequencies of a text, as they are stored.</summary>
    public IReadOnlyList<TermWeight> TermsOf(string text) => TermFrequencies.Of(Terms.Extract(text), _tokens.TermsPerText);

    /// <inheritdoc />
    public void Dispose()
    {
        Terms.Dispose();
        _encoder?.Dispose();
        _services.Dispose();
    }

    private async Task<Vector[]> EncodeAsync(
        char role,
        IReadOnlyList<string> texts,
        Action<int> progress,
        CancellationToken cancellationToken)
    {
        var prefix = role == 'q' ? _embeddings.QueryPrefix : _embeddings.PassagePrefix;
        var keys = texts.Select(text => VectorCache.KeyOf(prefix + text)).ToArray();
        var missing = Enumerable.Range(0, keys.Length).Where(i => !_cache.TryGet(keys[i], out _)).DistinctBy(i => keys[i]).ToArray();
        try
        {
            // A few more under way than there are cores, in the order of the texts.
            foreach (var chunk in missing.Chunk(4 * Environment.ProcessorCount))
            {
                _encoder ??= ActivatorUtilities.CreateInstance<OnnxEncoder>(
                    _services,
                    Options.Create(_embeddings),
                    ActivatorUtilities.CreateInstance<EmbeddingsMetrics>(_services));
                var encoded = await Task.WhenAll(chunk.Select(i => EncodeAsync(_encoder, role, texts[i], cancellationToken)));
                for (var k = 0; k < chunk.Length; k++)
                {
                    _cache.Add(keys[chunk[k]], encoded[k]);
                }

                progress(chunk[^1]);
            }
        }
        finally
        {
            _cache.Save();
        }

        progress(texts.Count);
        return
        [
            .. keys.Select(
                key => _cache.TryGet(key, out var vector) ? vector! : throw new InvalidOperationException("A text has no vector.")),
        ];
    }

    private static async Task<Vector> EncodeAsync(OnnxEncoder encoder, char role, string text, CancellationToken cancellationToken)
        => role == 'q'
            ? await encoder.EncodeQueryAsync(text, cancellationToken)
            : await encoder.EncodePassageAsync(text, cancellationToken);

    // Items are described without encoding: their vectors are known by then.
    private sealed class Known(string name) : IEncoder
    {
        public string Name => name;

        public ValueTask<Vector> EncodePassageAsync(string text, CancellationToken cancellationToken)
            => throw new NotSupportedException("Vectors come from the cache.");

        public ValueTask<Vector> EncodeQueryAsync(string text, CancellationToken cancellationToken)
            => throw new NotSupportedException("Vectors come from the cache.");
    }
}
