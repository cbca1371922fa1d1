using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Strata.Contracts;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Streaming.Publishing;
using IngestionClient = Strata.Contracts.Ingestion.V1.Ingestion.IngestionClient;

namespace Strata.Ingestion.Tests.Cleaning;

/// <summary>Every way in goes through the rules, and the answer says which of them touched the event.</summary>
[Trait("height", "harness")]
public sealed class CleaningCallsTests
{
    private const string Quarantine = "strata.events.v1.quarantine";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("unary")]
    [InlineData("stream")]
    [InlineData("batch")]
    [InlineData("json")]
    public async Task EveryWayIn_ActTwice_IsPublishedOnceAndTheAnswerSaysSo(string way)
    {
        await using var app = await IngestionApp.StartAsync();

        var first = await SendAsync(app, way, Search("first", "ｓｈｏｅｓ", IngestionApp.Now));
        var again = await SendAsync(app, way, Search("again", "shoes", IngestionApp.Now.AddSeconds(-1)));
        var later = await SendAsync(app, way, Search("later", "shoes", IngestionApp.Now.AddSeconds(-2.5)));

        Assert.Equal(["unicode", "languages"], first.Rules);
        Assert.Equal(["languages", "repeats"], again.Rules);
        Assert.Equal(["languages"], later.Rules);
        Assert.Equal((first.EventId, first.AsOf), (again.EventId, again.AsOf));
        Assert.NotEmpty(again.AsOf);
        Assert.Equal(["first", "later"], app.Publisher.Of<UserEvent>(Topics.Events).Select(one => one.EventId));
    }

    [Theory]
    [InlineData("unary")]
    [InlineData("stream")]
    [InlineData("batch")]
    [InlineData("json")]
    public async Task EveryWayIn_ARobotsAct_IsSetAside(string way)
    {
        await using var app = await IngestionApp.StartAsync(new() { ["Ingestion:Cleaning:Bots:ActsPerMinute"] = "2" });
        await SendAsync(app, way, Search("a", "red", IngestionApp.Now));
        await SendAsync(app, way, Search("b", "green", IngestionApp.Now));

        var third = await SendAsync(app, way, Search("c", "blue", IngestionApp.Now));

        Assert.Equal("bots", third.Rules[^1]);
        Assert.Equal(("c", string.Empty), (third.EventId, third.AsOf));
        Assert.Equal(["a", "b"], app.Publisher.Of<UserEvent>(Topics.Events).Select(one => one.EventId));
        Assert.Equal("c", Assert.Single(app.Publisher.Of<UserEvent>(Quarantine)).EventId);
        Assert.Equal("u", Assert.Single(app.Publisher.Messages, message => message.Topic == Quarantine).Key);
    }

    [Fact]
    public async Task PublishEvent_TwoActsStatedAtOneTime_AreTwo()
    {
        await using var app = await IngestionApp.StartAsync();
        await SendAsync(app, "unary", Search("asked", "red", IngestionApp.Now.AddDays(-1)));

        var other = await SendAsync(app, "unary", Search("answered", "red", IngestionApp.Now.AddDays(-1)));

        Assert.Equal("answered", other.EventId);
        Assert.Equal(2, app.Publisher.Of<UserEvent>(Topics.Events).Count());
    }

    [Fact]
    public async Task PublishEvent_SameIdAgain_IsTheLogsMatter()
    {
        await using var app = await IngestionApp.StartAsync();
        await SendAsync(app, "unary", Search("e", "red", IngestionApp.Now));

        var again = await SendAsync(app, "unary", Search("e", "red", IngestionApp.Now));

        Assert.DoesNotContain("repeats", again.Rules);
        Assert.Equal(2, app.Publisher.Of<UserEvent>(Topics.Events).Count());
    }

    [Fact]
    public async Task RulesOff_ActsOfARobot_AreAllPublished()
    {
        await using var app = await IngestionApp.StartAsync(new()
        {
            ["Ingestion:Cleaning:Bots:ActsPerMinute"] = "2",
            ["Ingestion:Cleaning:Bots:Enabled"] = "false",
            ["Ingestion:Cleaning:Repeats:Enabled"] = "false",
        });

        for (var i = 0; i < 5; i++)
        {
            await SendAsync(app, "unary", Search($"e{i}", "red", IngestionApp.Now));
        }

        Assert.Equal(5, app.Publisher.Of<UserEvent>(Topics.Events).Count());
    }

    [Fact]
    public async Task PublishEvent_FirstWasNotAcknowledged_ItsRepeatIsPublished()
    {
        await using var app = await IngestionApp.StartAsync();
        var calls = 0;
        app.Publisher.Acknowledge = (_, _, _) => Interlocked.Increment(ref calls) == 1
            ? throw new PublishException("timed out") { Transient = true }
            : Task.CompletedTask;
        await Assert.ThrowsAsync<RpcException>(() => SendAsync(app, "unary", Search("first", "red", IngestionApp.Now)));

        var again = await SendAsync(app, "unary", Search("e", "red", IngestionApp.Now));

        Assert.DoesNotContain("repeats", again.Rules);
        Assert.Single(app.Publisher.Of<UserEvent>(Topics.Events));
    }

    [Fact]
    public async Task PublishBatch_Refusals_NameTheirRule()
    {
        await using var app = await IngestionApp.StartAsync();
        var late = Search("e", "red", IngestionApp.Now.AddYears(-50));
        var cancelled = new UserEvent { UserId = "u", Kind = EventKind.Purchase, ItemId = "i", Quantity = -1 };
        var nobody = Search("e", "red", IngestionApp.Now);
        nobody.UserId = "";
        var unknown = new UserEvent { UserId = "u", Kind = EventKind.Purchase, ItemId = "i" };
        var unseen = Search("e", "\u200b\u3164", IngestionApp.Now);

        var answer = await app.Grpc.PublishBatchAsync(
            new PublishBatchRequest { Events = { late, cancelled, nobody, unknown, unseen } }, cancellationToken: Cancel);

        Assert.Equal(["times", "numbers", "fields", "catalogue", "fields"], answer.Results.Select(result => result.Rejected?.Rule));
    }

    [Fact]
    public async Task PutItems_TitleThatShowsNothing_IsRefused()
    {
        await using var app = await IngestionApp.StartAsync();

        var refused = await Assert.ThrowsAsync<RpcException>(async () => await app.Grpc.PutItemsAsync(
            new PutItemsRequest { Items = { new Item { ItemId = "i", Title = "\u200b\u2060\u3164" } } }, cancellationToken: Cancel));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Contains("items[0].title", refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PutItems_Texts_AreInOneFormAndHaveALanguage()
    {
        await using var app = await IngestionApp.StartAsync();
        var item = new Item { ItemId = "ｉ", Title = "The ｓｈｏｅ\u200b for rain", Tags = { "ｒｅｄ" } };

        await app.Grpc.PutItemsAsync(new PutItemsRequest { Items = { item } }, cancellationToken: Cancel);

        var put = Assert.Single(app.Publisher.Of<Item>(Topics.Items));
        Assert.Equal(("ｉ", "The shoe for rain", "red", "en"), (put.ItemId, put.Title, put.Tags[0], put.Language));
    }

    private static UserEvent Search(string id, string query, DateTimeOffset time)
        => new() { EventId = id, UserId = "u", Kind = EventKind.Search, Query = query, EventTime = time.ToTimestamp() };

    private static async Task<PublishEventResponse> SendAsync(IngestionApp app, string way, UserEvent sent) => way switch
    {
        "unary" => await app.Grpc.PublishEventAsync(new PublishEventRequest { Event = sent }, cancellationToken: Cancel),
        "stream" => await StreamAsync(app.Grpc, sent),
        "batch" => (await app.Grpc.PublishBatchAsync(new PublishBatchRequest { Events = { sent } }, cancellationToken: Cancel))
            .Results[0].Accepted,
        _ => await PostAsync(app, sent),
    };

    private static async Task<PublishEventResponse> StreamAsync(IngestionClient client, UserEvent sent)
    {
        using var call = client.PublishEvents(cancellationToken: Cancel);
        await call.RequestStream.WriteAsync(new PublishEventRequest { Event = sent }, Cancel);
        await call.RequestStream.CompleteAsync();
        Assert.True(await call.ResponseStream.MoveNext(Cancel));
        return call.ResponseStream.Current.Accepted;
    }

    private static async Task<PublishEventResponse> PostAsync(IngestionApp app, UserEvent sent)
    {
        var answer = await app.PostAsync("/v1/events", Google.Protobuf.JsonFormatter.Default.Format(sent));
        Assert.Equal(200, (int)answer.Status);
        return Google.Protobuf.JsonParser.Default.Parse<PublishEventResponse>(JsonSerializer.Serialize(answer.Body));
    }
}
