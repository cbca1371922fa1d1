using System.Net;
using Strata.Contracts;
using Strata.Contracts.Catalog.V1;

namespace Strata.Ingestion.Tests.Catalog;

/// <summary>Price, availability, picture, attributes.</summary>
[Trait("height", "harness")]
public sealed class PutOffersTests
{
    /// <summary>Name of the case, fields of the item as JSON, field at fault.</summary>
    public static TheoryData<string, string, string> Malformed => new()
    {
        { "price below zero", """ "price":{"amount":-1,"currency":"EUR"} """, "items[1].price.amount" },
        { "price that is no number", """ "price":{"amount":"NaN","currency":"EUR"} """, "items[1].price.amount" },
        { "price without currency", """ "price":{"amount":1} """, "items[1].price.currency" },
        { "currency in words", """ "price":{"amount":1,"currency":"euro"} """, "items[1].price.currency" },
        { "unknown availability", """ "availability":17 """, "items[1].availability" },
        { "picture by another scheme", """ "pictureUrl":"javascript:alert(1)" """, "items[1].picture_url" },
        { "33 attributes", $$""" "attributes":{{{Attributes(33, 1)}}} """, "items[1].attributes" },
        { "attribute without a name", """ "attributes":{" ":"x"} """, "items[1].attributes" },
        { "long attribute", $$""" "attributes":{"a":"{{new string('t', 257)}}"} """, "items[1].attributes" },
        { "attributes over 8 KiB", $$""" "attributes":{{{Attributes(32, 256)}}} """, "items[1].attributes" },
        { "attribute twice", """ "attributes":{"a":"x","a":"y"} """, "items[1].attributes" },
        { "attribute that is no text", """ "attributes":{"a":1} """, "items[1].attributes" },
        { "attributes as a list", """ "attributes":["a"] """, "items[1].attributes" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task PutItems_OneMalformed_NamesItAndPublishesNone(string name, string fields, string field)
    {
        await using var app = await IngestionApp.StartAsync();

        var answer = await app.PostAsync(
            "/v1/items", $$"""{"items":[{"item_id":"good","title":"Good"},{"item_id":"i","title":"t",{{fields}}}]}""");

        Assert.True(HttpStatusCode.BadRequest == answer.Status, $"{name}: {answer}");
        Assert.Equal([field], answer.Fields);
        Assert.Empty(app.Publisher.Messages);
    }

    [Fact]
    public async Task PutItems_Offer_IsPublishedAsSentButForBlanksAndCapitals()
    {
        await using var app = await IngestionApp.StartAsync();

        await app.PostAsync(
            "/v1/items",
            """
            {"items":[{"item_id":"i","title":"t","price":{"amount":19.99,"currency":" eur"},"availability":"in_stock",
            "picture_url":"https://example.org/a.jpg","attributes":{" colour ":"Cafe\u0301"},"hidden":true}]}
            """);

        var item = app.Publisher.Of<Item>(Topics.Items).Single();
        Assert.Equal(new Price { Amount = 19.99, Currency = "EUR" }, item.Price);
        Assert.Equal((Availability.InStock, "https://example.org/a.jpg", true), (item.Availability, item.PictureUrl, item.Hidden));
        Assert.Equal(KeyValuePair.Create("colour", "Café"), Assert.Single(item.Attributes));
    }

    private static string Attributes(int count, int length)
        => string.Join(',', Enumerable.Range(0, count).Select(i => $"\"a{i}\":\"{new string('v', length)}\""));
}
