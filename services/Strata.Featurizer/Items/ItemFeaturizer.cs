using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Options;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Features.V1;
using Strata.Featurizer.Embeddings;
using Strata.Featurizer.Items.Core;
using Strata.Featurizer.TfIdf.Core;
using Strata.Featurizer.Tokens.Core;

namespace Strata.Featurizer.Items;

/// <summary>What the services know about an item from its text.</summary>
internal sealed class ItemFeaturizer(
    TermExtractor extractor,
    IEncoder encoder,
    IOptions<TokensOptions> tokens,
    IOptions<ItemsOptions> options)
{
    // As the contract of ItemFeatures says: nearly every title whole.
    private const int TitleTerms = 64;

    /// <summary>Everything but the embedding.</summary>
    public ItemFeatures Describe(Item item)
    {
        var terms = extractor.Extract(ItemText.ForTerms(item));
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
            TitleTerms = { extractor.Extract(item.Title).Take(TitleTerms) },
            Tags = { item.Tags },
            Price = item.Price,
            Availability = item.Availability,
            PictureUrl = item.PictureUrl,
            Attributes = { item.Attributes },
            Hidden = item.Hidden,
        };
    }

    public async ValueTask EmbedAsync(Item item, ItemFeatures features, CancellationToken cancellationToken)
        => features.Embedding = await encoder.EncodePassageAsync(ItemText.ForEncoder(item, options.Value.EncodedLength), cancellationToken);

    private static long UnixMs(Timestamp? time) => time is null ? 0 : time.ToDateTimeOffset().ToUnixTimeMilliseconds();
}
