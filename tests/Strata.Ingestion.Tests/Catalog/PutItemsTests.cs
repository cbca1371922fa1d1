using System.Net;
using Google.Rpc;
using Grpc.Core;
using Strata.Contracts;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Streaming.Publishing;

namespace Strata.Ingestion.Tests.Catalog;

[Trait("height", "harness")]
public sealed class PutItemsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Name of the case, item as JSON, field at fault.</summary>
    public static TheoryData<string, string, string> Malformed => new()
    {
        { "no id", """{"title":"t"}""", "items[1].item_id" },
        { "no title", """{"item_id":"i","title":" \n "}""", "items[1].title" },
        { "title of 513 characters", $$"""{"item_id":"i","title":"{{new string('t', 513)}}"}""", "items[1].title" },
        {
            "description over 32 KiB",
            $$"""{"item_id":"i","title":"t","description":"{{new string('ü', 16385)}}"}""",
            "items[1].description"
        },
        { "17 categories", $$"""{"item_id":"i","title":"t","categories":[{{Words(17)}}]}""", "items[1].categories" },
        { "65 tags", $$"""{"item_id":"i","title":"t","tags":[{{Words(65)}}]}""", "items[1].tags" },
        { "long tag", $$"""{"item_id":"i","title":"t","tags":["a","{{new string('t', 257)}}"]}""", "items[1].tags[1]" },
        {
            "9 pictures",
            $$"""{"item_id":"i","title":"t","pictures":[{{string.Join(',', Enumerable.Repeat("\"AAEC\"", 9))}}]}""",
            "items[1].pictures"
        },
        {
            "pictures over 512 KiB",
            $$"""{"item_id":"i","title":"t","pictures":["{{new string('A', 400_000)}}","{{new string('A', 400_000)}}"]}""",
            "items[1].pictures"
        },
        { "title that is no text", """{"item_id":"i","title":["t"]}""", "items[1].title" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task PutItems_OneMalformed_NamesItAndPublishesNone(string name, string item, string field)
    {
        await using var app = await IngestionApp.StartAsync();

        var answer = await app.PostAsync("/v1/items", $$"""{"items":[{"item_id":"good","title":"Good"},{{item}}]}""");

        Assert.True(HttpStatusCode.BadRequest == answer.Status, $"{name}: {answer}");
        Assert.Equal([field], answer.Fields);
        Assert.Empty(app.Publisher.Messages);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public async Task PutItems_TooFewOrTooMany_IsRefused(int count)
    {
        await using var app = await IngestionApp.StartAsync();
        var request = new PutItemsRequest { Items = { Enumerable.Range(0, count).Select(i => new Item { ItemId = $"{i}", Title = "t" }) } };

        var fault = await Assert.ThrowsAsync<RpcException>(() => app.Grpc.PutItemsAsync(request, cancellationToken: Cancel).ResponseAsync);

        Assert.Equal(StatusCode.InvalidArgument, fault.StatusCode);
        Assert.StartsWith("items: ", fault.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PutItems_Thousand_AllArePublishedByItem()
    {
        await using var app = await IngestionApp.StartAsync();
        var request = new PutItemsRequest
        {
            Items = { Enumerable.Range(0, 1000).Select(i => new Item { ItemId = $"i{i}", Title = $"Title {i}" }) },
        };

        var answer = await app.Grpc.PutItemsAsync(request, cancellationToken: Cancel);

        Assert.Equal(1000u, answer.Count);
        Assert.Equal(1000, app.Publisher.Messages.Count);
        Assert.All(
            app.Publisher.Messages,
            m => Assert.Equal((Topics.Items, ((Item)m.Value!).ItemId, IngestionApp.Now), (m.Topic, m.Key, m.Timestamp)));
    }

    [Fact]
    public async Task PutItems_Texts_AreNormalisedAndStamped()
    {
        await using var app = await IngestionApp.StartAsync();

        await app.PostAsync(
            "/v1/items",
            """
            {"items":[{"item_id":"i","title":" Cafe\u0301 ","description":"a\nb","categories":["  ","Books"],
            "tags":["\u0001"],"updated":"1999-01-01T00:00:00Z"}]}
            """);

        var item = app.Publisher.Of<Item>(Topics.Items).Single();
        Assert.Equal(("Café", "a b"), (item.Title, item.Description));
        Assert.Equal(["Books"], item.Categories);
        Assert.Empty(item.Tags);
        Assert.Equal(IngestionApp.Now, item.Updated.ToDateTimeOffset());
    }

    [Fact]
    public async Task PutItems_Pictures_ArePublishedAsTheyAre()
    {
        await using var app = await IngestionApp.StartAsync();

        await app.PostAsync("/v1/items", """{"items":[{"item_id":"i","title":"t","pictures":["AAEC","/9g="]}]}""");

        var item = app.Publisher.Of<Item>(Topics.Items).Single();
        Assert.Equal([[0, 1, 2], [0xFF, 0xD8]], item.Pictures.Select(picture => picture.ToByteArray()));
    }

    [Fact]
    public async Task PutItems_OneNotAcknowledged_NoneIsInAndTheCallerIsToldWhenToComeAgain()
    {
        await using var app = await IngestionApp.StartAsync();
        app.Publisher.Acknowledge = (_, key, _) => key == "b"
            ? throw new PublishException("timed out") { Transient = true }
            : Task.CompletedTask;

        var fault = await Assert.ThrowsAsync<RpcException>(() => app.Grpc.PutItemsAsync(
            new PutItemsRequest
            {
                Items = { new Item { ItemId = "a", Title = "A" }, new Item { ItemId = "b", Title = "B" } },
            }, cancellationToken: Cancel).ResponseAsync);

        Assert.Equal(StatusCode.Unavailable, fault.StatusCode);
        Assert.Equal(2, RetryOf(fault).RetryDelay.Seconds);
        Assert.Empty(app.Publisher.Messages);
        Assert.False(app.Items.Contains("a") || app.Items.Contains("b"));
    }

    [Fact]
    public async Task PutItems_OneTooLarge_IsNamedInTheAnswer()
    {
        await using var app = await IngestionApp.StartAsync();
        app.Publisher.Acknowledge = (_, _, _) => throw new PublishException("too large") { Index = 1 };

        var fault = await Assert.ThrowsAsync<RpcException>(() => app.Grpc.PutItemsAsync(
            new PutItemsRequest { Items = { new Item { ItemId = "a", Title = "A" } } }, cancellationToken: Cancel).ResponseAsync);

        Assert.Equal(StatusCode.InvalidArgument, fault.StatusCode);
        Assert.Contains("items[1]", fault.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PutItems_TooMuchWaits_IsExhaustedAndToldWhenToComeAgain()
    {
        await using var app = await IngestionApp.StartAsync();
        app.Publisher.Acknowledge = (_, _, _) => throw new PublishException("full") { Full = true, Transient = true };

        var fault = await Assert.ThrowsAsync<RpcException>(() => app.Grpc.PutItemsAsync(
            new PutItemsRequest { Items = { new Item { ItemId = "a", Title = "A" } } }, cancellationToken: Cancel).ResponseAsync);

        Assert.Equal(StatusCode.ResourceExhausted, fault.StatusCode);
        Assert.Equal(2, RetryOf(fault).RetryDelay.Seconds);
    }

    [Fact]
    public async Task PutItems_BrokerSilent_AnswersBeforeTheDeadline()
    {
        await using var app = await IngestionApp.StartAsync();
        app.Publisher.Acknowledge = (_, _, _) => Task.Delay(Timeout.Infinite, Cancel);

        var fault = await Assert.ThrowsAsync<RpcException>(() => app.Grpc.PutItemsAsync(
            new PutItemsRequest { Items = { new Item { ItemId = "a", Title = "A" } } },
            deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(4),
            cancellationToken: Cancel).ResponseAsync);

        Assert.Equal(StatusCode.Unavailable, fault.StatusCode);
        Assert.Equal(2, RetryOf(fault).RetryDelay.Seconds);
    }

    [Fact]
    public async Task DeleteItem_Known_WritesATombstoneAndItsEventsAreRefused()
    {
        await using var app = await IngestionApp.StartAsync();
        await app.Grpc.PutItemsAsync(
            new PutItemsRequest { Items = { new Item { ItemId = "a/b", Title = "A" } } }, cancellationToken: Cancel);

        var answer = await app.DeleteAsync("/v1/items/a%2Fb");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(
            (Topics.Items, "a/b", null),
            (app.Publisher.Messages[^1].Topic, app.Publisher.Messages[^1].Key, app.Publisher.Messages[^1].Value));
        var fault = await Assert.ThrowsAsync<RpcException>(
            () => app.Grpc.PublishEventAsync(View("a/b"), cancellationToken: Cancel).ResponseAsync);
        Assert.Equal(StatusCode.FailedPrecondition, fault.StatusCode);
    }

    [Fact]
    public async Task DeleteItem_UnknownQueryParameter_IsRefused()
    {
        await using var app = await IngestionApp.StartAsync();

        var answer = await app.DeleteAsync("/v1/items/a?dry=true");

        Assert.Equal(["dry"], answer.Fields);
        Assert.Empty(app.Publisher.Messages);
    }

    [Fact]
    public async Task PublishEvent_CatalogueStillBeingRead_IsUnavailableNotRefused()
    {
        await using var app = await IngestionApp.StartAsync(caughtUp: false);

        var fault = await Assert.ThrowsAsync<RpcException>(
            () => app.Grpc.PublishEventAsync(View("a"), cancellationToken: Cancel).ResponseAsync);

        Assert.Equal(StatusCode.Unavailable, fault.StatusCode);
    }

    [Fact]
    public async Task PublishEvent_UnknownItemsAccepted_IsTaken()
    {
        await using var app = await IngestionApp.StartAsync(new() { ["Ingestion:UnknownItems"] = "Accept" }, caughtUp: false);

        await app.Grpc.PublishEventAsync(View("never put"), cancellationToken: Cancel);

        Assert.Single(app.Publisher.Of<UserEvent>(Topics.Events));
    }

    private static PublishEventRequest View(string item)
        => new() { Event = new UserEvent { UserId = "u", Kind = EventKind.View, ItemId = item } };

    private static string Words(int count) => string.Join(',', Enumerable.Range(0, count).Select(i => $"\"w{i}\""));

    private static RetryInfo RetryOf(RpcException fault)
        => Google.Rpc.Status.Parser.ParseFrom(fault.Trailers.GetValueBytes("grpc-status-details-bin")).Details.Single().Unpack<RetryInfo>();
}
