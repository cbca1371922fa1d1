using Google.Protobuf;
using Microsoft.Extensions.Options;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Features.V1;
using Strata.Featurizer.Items;
using Strata.Featurizer.Tests.Doubles;
using Strata.Featurizer.Tests.Embeddings;
using Strata.Featurizer.Tests.Pictures;
using Strata.Featurizer.Tokens.Core;

namespace Strata.Featurizer.Tests.Items;

[Trait("height", "unit")]
public sealed class ItemFeaturizerTests : IDisposable
{
    private readonly TermExtractor _extractor = new(Options.Create(new TokensOptions()));

    public void Dispose() => _extractor.Dispose();

    // The title alone tells nothing: the language is the item's, or that of title and description.
    [Theory]
    [InlineData("de", "", "wanderschuh")]
    [InlineData("", "Wasserdicht und leicht, für das ganze Jahr.", "wanderschuh")]
    [InlineData("und", "", "wanderschuhe")]
    [InlineData("", "", "wanderschuhe")]
    public void Describe_Item_CutsTitleAndTextByTheItemsLanguage(string language, string description, string expected)
    {
        var featurizer = new ItemFeaturizer(
            _extractor,
            new HashEncoder(),
            TestEncoders.Pictures,
            Options.Create(new TokensOptions()),
            Options.Create(new ItemsOptions()));

        var features = featurizer.Describe(
            new Item { ItemId = "a", Title = "Wanderschuhe", Description = description, Language = language });

        Assert.Equal([expected], features.TitleTerms);
        Assert.Contains(expected, features.Terms.Select(term => term.Term));
    }

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

        var features = new ItemFeaturizer(
            _extractor, new HashEncoder(), TestEncoders.Pictures, tokens, Options.Create(new ItemsOptions())).Describe(item);

        Assert.Equal(
            (item.Price, item.Availability, item.PictureUrl, true),
            (features.Price, features.Availability, features.PictureUrl, features.Hidden));
        Assert.Equal((item.Tags, item.Attributes), (features.Tags, features.Attributes));
    }

    [Fact]
    public async Task EmbedAsync_PictureThatCannotBeUsed_KeepsTheTextsVectorAndSaysSo()
    {
        var featurizer = new ItemFeaturizer(
            _extractor,
            new HashEncoder(),
            TestEncoders.Pictures,
            Options.Create(new TokensOptions()),
            Options.Create(new ItemsOptions()));
        var (plain, wrong, good) = (new ItemFeatures(), new ItemFeatures(), new ItemFeatures());
        var picture = ByteString.CopyFrom(PictureFiles.Sixteen());

        await featurizer.EmbedAsync(new Item { Title = "Lamp" }, plain, TestContext.Current.CancellationToken);
        await featurizer.EmbedAsync(
            new Item { Title = "Lamp", Pictures = { ByteString.CopyFromUtf8("none") } }, wrong, TestContext.Current.CancellationToken);
        await featurizer.EmbedAsync(new Item { Title = "Lamp", Pictures = { picture } }, good, TestContext.Current.CancellationToken);

        Assert.Equal(("", ""), (plain.PictureFault, plain.PictureEncoder));
        Assert.Equal(new ItemFeatures { Embedding = plain.Embedding, PictureFault = "format" }, wrong);
        Assert.Equal(("", "resnet18", 512), (good.PictureFault, good.PictureEncoder, good.Picture.Codes.Length));
        Assert.Equal(plain.Embedding, good.Embedding);
    }
}
