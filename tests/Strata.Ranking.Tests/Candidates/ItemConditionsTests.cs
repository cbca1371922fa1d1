using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Features.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Ranking.Candidates.Requests;

namespace Strata.Ranking.Tests.Candidates;

[Trait("height", "unit")]
public sealed class ItemConditionsTests
{
    /// <summary>A filter as JSON, and which of the items below it allows.</summary>
    public static TheoryData<string, string> Filters => new()
    {
        { """{"layerIds":[1]}""", "lamp" },
        { """{"layerIds":[1,2]}""", "lamp shade" },
        { """{"layerIds":[9]}""", "" },
        { """{"avoidLayerIds":[1]}""", "shade plain" },
        { """{"categories":["LAMPS"]}""", "lamp shade" },
        { """{"categories":["lamps"],"avoidCategories":["sale"]}""", "lamp" },
        { """{"tags":["new","red"]}""", "shade" },
        { """{"avoidTags":["red"]}""", "lamp plain" },
        { """{"minPrice":10}""", "lamp shade" },
        { """{"minPrice":10.5,"maxPrice":49.9}""", "lamp" },
        { """{"maxPrice":0}""", "" },
        { """{"minPrice":1,"currency":"GBP"}""", "shade" },
        { """{"currency":"EUR"}""", "lamp plain" },
        { """{"availability":["AVAILABILITY_IN_STOCK"]}""", "lamp" },
        { """{"availability":["AVAILABILITY_UNSPECIFIED"]}""", "plain" },
        { """{"attributes":[{"name":"colour","anyOf":["red","brass"]}]}""", "lamp shade" },
        { """{"attributes":[{"name":"colour","anyOf":["Brass"]}]}""", "" },
        { """{"attributes":[{"name":"watt"}]}""", "lamp" },
        { """{"attributes":[{"name":"watt"},{"name":"colour","anyOf":["red"]}]}""", "" },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public void Rank_WithAFilter_HasTheItemsThatItAllowsAndNoOther(string filter, string allowed)
    {
        var conditions = ItemConditions.Of(ItemFilter.Parser.ParseJson(filter));

        using var request = Shop().Rank(null, new RequestConstraints(Conditions: conditions));

        Assert.Equal(
            allowed.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(),
            request.Items.ToArray().Select(item => request.View.Items.Ids[item]).Order());
    }

    [Fact]
    public void Of_AFilterThatSaysNothing_IsNone()
    {
        Assert.Null(ItemConditions.Of(null));
        Assert.Null(ItemConditions.Of(new ItemFilter()));
    }

    private static World Shop()
    {
        var world = new World().Item("lamp", [1, 0, 0]).Item("shade", [0, 1, 0]).Item("plain", [0, 0, 1]);
        world.Catalogue.Put(new ItemFeatures
        {
            ItemId = "lamp",
            Title = "Lamp",
            Encoder = "test",
            Embedding = World.Encode(1, 0, 0),
            Categories = { "Home", "Lamps" },
            Price = new Price { Amount = 49.9, Currency = "EUR" },
            Availability = Availability.InStock,
            Attributes = { ["colour"] = "brass", ["watt"] = "40" },
        });
        world.Catalogue.Put(new ItemFeatures
        {
            ItemId = "shade",
            Title = "Shade",
            Encoder = "test",
            Embedding = World.Encode(0, 1, 0),
            Categories = { "lamps", "Sale" },
            Tags = { "Red" },
            Price = new Price { Amount = 10, Currency = "GBP" },
            Availability = Availability.OutOfStock,
            Attributes = { ["colour"] = "red" },
        });
        return world.With(World.LayerSet(2, [], (1, [1, 0, 0], 1), (2, [0, 1, 0], 1), (3, [0, 0, 1], 1))).Published();
    }
}
