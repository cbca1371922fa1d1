using System.Net;
using System.Text;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.Http;
using CloudNative.CloudEvents.SystemTextJson;
using Grpc.Core;
using Strata.Contracts;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;

namespace Strata.Ingestion.Tests.CloudEvents;

/// <summary>CloudEvents as the CNCF's own library writes them, in each mode.</summary>
[Trait("height", "harness")]
public sealed class CloudEventsTests
{
    private const string Address = "/v1/cloudevents";
    private const string Structured = "application/cloudevents+json";

    private static readonly JsonEventFormatter Formatter = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ContentMode.Structured)]
    [InlineData(ContentMode.Binary)]
    public async Task Event_InEitherMode_IsMappedByItsAttributes(ContentMode mode)
    {
        await using var app = await IngestionApp.StartAsync();
        var sent = Made("e-1", "org.example.shop.search", "größe", new { query = "a tent" });
        sent.Time = IngestionApp.Now.AddHours(-2);
        sent["traceparent"] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

        using var answer = await app.Http.PostAsync(Address, sent.ToHttpContent(mode, Formatter), Cancel);

        var said = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, said);
        Assert.Equal("e-1", PublishEventResponse.Parser.ParseJson(said).EventId);
        var published = Assert.Single(app.Publisher.Of<UserEvent>(Topics.Events));
        Assert.Equal(
            ("e-1", "größe", EventKind.Search, "a tent", IngestionApp.Now.AddHours(-2)),
            (published.EventId, published.UserId, published.Kind, published.Query, published.EventTime.ToDateTimeOffset()));
    }

    [Fact]
    public async Task Batch_SomeBad_IsAnsweredEventByEvent()
    {
        await using var app = await IngestionApp.StartAsync();
        var good = Encoding.UTF8.GetString(Formatter.EncodeStructuredModeMessage(
            Made("e-1", "search", null, new { userId = "ann", query = "a tent" }), out _).Span);
        var batch = $$"""[{{good}},{"id":"e-2"},{{good.Replace("search", "look", StringComparison.Ordinal)}}, 7]""";

        var answer = await app.PostAsync(Address, batch, "application/cloudevents-batch+json; charset=utf-8");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var results = PublishBatchResponse.Parser.ParseJson(answer.Body.GetRawText()).Results;
        Assert.Equal("e-1", results[0].Accepted.EventId);
        Assert.Equal(["body", "event.kind", "body"], results.Skip(1).Select(result => result.Rejected.Field));
        Assert.All(results.Skip(1), result => Assert.Equal((int)StatusCode.InvalidArgument, result.Rejected.Code));
        Assert.Single(app.Publisher.Of<UserEvent>(Topics.Events));
    }

    [Theory]
    [InlineData("{}", Structured, "body")]
    [InlineData("[", Structured, "body")]
    [InlineData("{}", "application/cloudevents-batch+json", "body")]
    [InlineData("[]", "application/cloudevents-batch+json", "body")]
    [InlineData("{}", "application/json", "ce-specversion")]
    [InlineData("{}", "text/xml", "content-type")]
    [InlineData(
        """{"specversion":"1.0","id":"e","source":"/s","type":"search","data":{"userId":"\ud800"}}""",
        Structured,
        "event.user_id")]
    [InlineData(
        """{"specversion":"1.0","id":"e","source":"/s","type":"search","data":{"\ud800":"a"}}""",
        Structured,
        "event")]
    [InlineData(
        """{"specversion":"1.0","id":"e","source":"/s","type":"click","data":[]}""",
        Structured,
        "data")]
    [InlineData(
        """{"specversion":"1.0","id":"e","source":"/s","type":"click","data_base64":"AAA="}""",
        Structured,
        "data")]
    [InlineData(
        """{"specversion":"1.0","id":"e","source":"/s","type":"search","data_base64":"eyJxdWVyeSI6Iv8ifQ=="}""", // {"query":"\xff"}
        Structured,
        "data")]
    [InlineData(
        """{"specversion":"1.0","id":"e","source":"/s","type":"click","data":{"eventId":"f"}}""",
        Structured,
        "event.event_id")]
    [InlineData(
        """{"specversion":"1.0","id":"e","source":"/s","type":"search","data":{"query":"x"}}""",
        Structured,
        "event.user_id")]
    public async Task Event_ThatIsNone_IsRefusedWithTheField(string body, string type, string field)
    {
        await using var app = await IngestionApp.StartAsync();

        var answer = await app.PostAsync(Address, body, type);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal([field], answer.Fields);
        Assert.DoesNotMatch("Parameter|Exception|System", answer.Message);
        Assert.Empty(app.Publisher.Messages);
        Assert.Empty(app.Errors);
    }

    [Fact]
    public async Task Event_OfBytesThatAreNoText_IsRefused()
    {
        await using var app = await IngestionApp.StartAsync();
        using var content = new ByteArrayContent([.. "{\"quer"u8, 0xFF, .. "\":\"x\"}"u8]);
        content.Headers.ContentType = new("application/json");
        content.Headers.Add("ce-specversion", "1.0");
        content.Headers.Add("ce-id", "e-1");
        content.Headers.Add("ce-source", "/shop");
        content.Headers.Add("ce-type", "search");

        using var answer = await app.Http.PostAsync(Address, content, Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Empty(app.Errors);
    }

    private static CloudEvent Made(string id, string type, string? subject, object data) => new()
    {
        Id = id,
        Source = new Uri("/shop", UriKind.Relative),
        Type = type,
        Subject = subject,
        DataContentType = "application/json",
        Data = data,
    };
}
