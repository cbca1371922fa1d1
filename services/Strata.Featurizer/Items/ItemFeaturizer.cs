using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Options;
using Strata.Contracts;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Common.V1;
using Strata.Contracts.Features.V1;
using Strata.Featurizer.Embeddings;
using Strata.Featurizer.Embeddings.Core;
using Strata.Featurizer.Items.Core;
using Strata.Featurizer.Pictures;
using Strata.Featurizer.Pictures.Core;
using Strata.Featurizer.TfIdf.Core;
using Strata.Featurizer.Tokens.Core;

namespace Strata.Featurizer.Items;

/// <summary>What the services know about an item from its texts and pictures.</summary>
internal sealed class ItemFeaturizer(
    TermExtractor extractor,
    IEncoder encoder,
    PictureEncoder pictures,
    IOptions<TokensOptions> tokens,
    IOptions<ItemsOptions> options)
{
    // As the contract of ItemFeatures says: nearly every title whole.
    private const int TitleTerms = 64;

    /// <summary>Everything but the vectors.</summary>
    public ItemFeatures Describe(Item item)
    {
        // Ingestion says the language; what it let through without one is told here by its rule.
        var language = item.Language.Length > 0 ? item.Language : TextLanguage.Of($"{item.Title} {item.Description}");
        var terms = extractor.Extract(ItemText.ForTerms(item), language);
        return new ItemFeatures
        {
            ItemId = item.ItemId,
            Title = item.Title,
            Categories = { item.Categories },
            Encoder = encoder.Name,
            Terms = { TermFrequencies.Of(terms, tokens.Value.TermsPerText) },
            Length = (uint)terms.Count,
            CreatedUnixMs = UnixMs(item.Created),
            UpdatedUnixMs = UnixMs(item.Updated),
            Group = item.Group,
            TitleTerms = { extractor.Extract(item.Title, language).Take(TitleTerms) },
            Tags = { item.Tags },
            Price = item.Price,
            Availability = item.Availability,
            PictureUrl = item.PictureUrl,
            Attributes = { item.Attributes },
            Hidden = item.Hidden,
        };
    }

    public async ValueTask EmbedAsync(Item item, ItemFeatures features, CancellationToken cancellationToken)
    {
        var chunks = ItemText.Chunks(item, options.Value.EncodedLength, options.Value.Chunks);
        var vectors = new List<Vector>(chunks.Count);
        foreach (var chunk in chunks)
        {
            vectors.Add(await encoder.EncodePassageAsync(chunk, cancellationToken));
        }

        features.Embedding = Vectors.Mean(vectors);
        var (picture, fault) = await pictures.EncodeAsync(item.Pictures, cancellationToken);
        (features.Picture, features.PictureFault) = (picture, fault.Name());
        features.PictureEncoder = picture is null ? "" : pictures.Name;
    }

    private static long UnixMs(Timestamp? time) => time is null ? 0 : time.ToDateTimeOffset().ToUnixTimeMilliseconds();
}
