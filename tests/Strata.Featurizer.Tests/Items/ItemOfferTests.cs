using Microsoft.Extensions.Options;
using Strata.Contracts.Catalog.V1;
using Strata.Featurizer.Items;
using Strata.Featurizer.Tests.Doubles;
using Strata.Featurizer.Tokens.Core;

namespace Strata.Featurizer.Tests.Items;

[Trait("height", "unit")]
public sealed class ItemOfferTests
{
    [Fact]
    public void Describe_Offer_TravelsAsPut()
    {
        var item = new Item
        {
            ItemId = "a",
            Title = "Red shoes",
            Tags = { "red" },
            Price = new Price { Amount = 19.99, Currency = "EUR" },
            Availability = Availability.OutOfStock,
            PictureUrl = "https://example.org/a.jpg",
            Attributes = { ["colour"] = "red" },
            Hidden = true,
        };
        var tokens = Options.Create(new TokensOptions());
        using var extractor = new TermExtractor(tokens);

        var features = new ItemFeaturizer(extractor, new HashEncoder(), tokens, Options.Create(new ItemsOptions())).Describe(item);

        Assert.Equal(
            (item.Price, item.Availability, item.PictureUrl, true),
            (features.Price, features.Availability, features.PictureUrl, features.Hidden));
        Assert.Equal((item.Tags, item.Attributes), (features.Tags, features.Attributes));
    }
}
