using System.Net;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;

namespace Strata.Ingestion.Tests.Events;

/// <summary>Whatever a producer sends, it is told which field to change, and the process stays up.</summary>
[Trait("height", "harness")]
public sealed class MalformedRequestTests : IAsyncLifetime
{
    private IngestionApp _app = null!;

    /// <summary>Name of the case, JSON body, field at fault, gRPC status.</summary>
    public static TheoryData<string, string, string, StatusCode> Events => new()
    {
        { "no user", """{"kind":"EVENT_KIND_CLICK","item_id":"known"}""", "event.user_id", StatusCode.InvalidArgument },
        { "blank user", """{"user_id":"  ","kind":"EVENT_KIND_CLICK","item_id":"known"}""", "event.user_id", StatusCode.InvalidArgument },
        {
            "control character in user", """{"user_id":"a\u0007b","kind":"EVENT_KIND_CLICK","item_id":"known"}""",
            "event.user_id", StatusCode.InvalidArgument
        },
        {
            "user of 129 characters", $$"""{"user_id":"{{new string('u', 129)}}","kind":"EVENT_KIND_CLICK","item_id":"known"}""",
            "event.user_id", StatusCode.InvalidArgument
        },
        { "no kind", """{"user_id":"u","item_id":"known"}""", "event.kind", StatusCode.InvalidArgument },
        { "unknown kind", """{"user_id":"u","kind":99,"item_id":"known"}""", "event.kind", StatusCode.InvalidArgument },
        { "no item", """{"user_id":"u","kind":"EVENT_KIND_CLICK"}""", "event.item_id", StatusCode.InvalidArgument },
        {
            "item with a search", """{"user_id":"u","kind":"EVENT_KIND_SEARCH","query":"q","item_id":"known"}""",
            "event.item_id", StatusCode.InvalidArgument
        },
        {
            "search without query", """{"user_id":"u","kind":"EVENT_KIND_SEARCH","query":" \n "}""",
            "event.query", StatusCode.InvalidArgument
        },
        {
            "query with a click", """{"user_id":"u","kind":"EVENT_KIND_CLICK","item_id":"known","query":"q"}""",
            "event.query", StatusCode.InvalidArgument
        },
        {
            "query of 513 characters", $$"""{"user_id":"u","kind":"EVENT_KIND_SEARCH","query":"{{new string('q', 513)}}"}""",
            "event.query", StatusCode.InvalidArgument
        },
        {
            "year 3000", """{"user_id":"u","kind":"EVENT_KIND_CLICK","item_id":"known","event_time":"3000-01-01T00:00:00Z"}""",
            "event.event_time", StatusCode.InvalidArgument
        },
        {
            "year 1970", """{"user_id":"u","kind":"EVENT_KIND_CLICK","item_id":"known","event_time":"1970-01-20T00:00:00Z"}""",
            "event.event_time", StatusCode.InvalidArgument
        },
        {
            "long event id", $$"""{"user_id":"u","kind":"EVENT_KIND_CLICK","item_id":"known","event_id":"{{new string('e', 65)}}"}""",
            "event.event_id", StatusCode.InvalidArgument
        },
        {
            "position without slate", """{"user_id":"u","kind":"EVENT_KIND_CLICK","item_id":"known","position":3}""",
            "event.position", StatusCode.InvalidArgument
        },
        {
            "item nobody put", """{"user_id":"u","kind":"EVENT_KIND_CLICK","item_id":"never put"}""",
            "event.item_id", StatusCode.FailedPrecondition
        },
    };

    /// <summary>Bodies that cannot become a message at all.</summary>
    public static TheoryData<string, string, string> Bodies => new()
    {
        { "kind by an unknown name", """{"user_id":"u","kind":"EVENT_KIND_STARE","item_id":"known"}""", "event.kind" },
        { "time that is none", """{"user_id":"u","kind":"EVENT_KIND_CLICK","event_time":"yesterday"}""", "event.event_time" },
        { "half a surrogate pair", """{"user_id":"u\ud800","kind":"EVENT_KIND_CLICK","item_id":"known"}""", "event.user_id" },
        { "misspelt field", """{"user_id":"u","kind":"EVENT_KIND_CLICK","itme_id":"known"}""", "event.itme_id" },
        { "number for text", """{"user_id":7,"kind":"EVENT_KIND_CLICK","item_id":"known"}""", "event.user_id" },
        { "negative quantity", """{"user_id":"u","kind":"EVENT_KIND_CLICK","item_id":"known","quantity":-1}""", "event.quantity" },
        { "array", "[]", "event" },
        { "cut short", """{"user_id":"u","kind":""", "event" },
        { "nothing", "", "event" },
    };

    public async ValueTask InitializeAsync()
    {
        _app = await IngestionApp.StartAsync();
        await _app.Grpc.PutItemsAsync(new PutItemsRequest { Items = { new Item { ItemId = "known", Title = "Known" } } });
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Theory]
    [MemberData(nameof(Events))]
    public async Task PublishEvent_Malformed_NamesTheFieldOverGrpc(string name, string json, string field, StatusCode expected)
    {
        var request = new PublishEventRequest { Event = UserEvent.Parser.ParseJson(json) };

        var fault = await Assert.ThrowsAsync<RpcException>(
            () => _app.Grpc.PublishEventAsync(request, cancellationToken: TestContext.Current.CancellationToken).ResponseAsync);

        Assert.True(expected == fault.StatusCode, $"{name}: {fault.Status}");
        Assert.StartsWith(field + ": ", fault.Status.Detail, StringComparison.Ordinal);
        Assert.Equal([field], Violations(fault));
        await AssertStillUpAsync();
    }

    [Theory]
    [MemberData(nameof(Events))]
    public async Task PublishEvent_Malformed_NamesTheFieldOverJson(string name, string json, string field, StatusCode expected)
    {
        var answer = await _app.PostAsync("/v1/events", json);

        Assert.True(HttpStatusCode.BadRequest == answer.Status, $"{name}: {answer}");
        Assert.Equal((int)expected, answer.Code);
        Assert.StartsWith(field + ": ", answer.Message, StringComparison.Ordinal);
        Assert.Equal([field], answer.Fields);
        await AssertStillUpAsync();
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task PublishEvent_BodyThatIsNoEvent_NamesTheField(string name, string json, string field)
    {
        var answer = await _app.PostAsync("/v1/events", json);

        Assert.True(HttpStatusCode.BadRequest == answer.Status, $"{name}: {answer}");
        Assert.Equal((int)StatusCode.InvalidArgument, answer.Code);
        Assert.Contains(field, answer.Fields);
        Assert.Contains(field + ": ", answer.Message, StringComparison.Ordinal);
        await AssertStillUpAsync();
    }

    [Fact]
    public async Task PublishEvent_NoEvent_NamesIt()
    {
        var fault = await Assert.ThrowsAsync<RpcException>(
            () => _app.Grpc.PublishEventAsync(
                new PublishEventRequest(), cancellationToken: TestContext.Current.CancellationToken).ResponseAsync);

        Assert.Equal(StatusCode.InvalidArgument, fault.StatusCode);
        Assert.Equal(["event"], Violations(fault));
    }

    [Fact]
    public async Task PublishEvent_ImpossibleTimestamp_NamesTheField()
    {
        var request = new PublishEventRequest
        {
            Event = new UserEvent
            {
                UserId = "u",
                Kind = EventKind.Click,
                ItemId = "known",
                EventTime = new Timestamp { Seconds = long.MaxValue, Nanos = -5 },
            },
        };

        var fault = await Assert.ThrowsAsync<RpcException>(
            () => _app.Grpc.PublishEventAsync(request, cancellationToken: TestContext.Current.CancellationToken).ResponseAsync);

        Assert.Equal(StatusCode.InvalidArgument, fault.StatusCode);
        Assert.Equal(["event.event_time"], Violations(fault));
    }

    [Fact]
    public async Task PublishEvent_SeveralFaults_NamesAllOfThem()
    {
        var answer = await _app.PostAsync("/v1/events", """{"kind":99,"event_time":"3000-01-01T00:00:00Z"}""");

        Assert.Equal(["event.user_id", "event.kind", "event.event_time"], answer.Fields);
    }

    [Fact]
    public async Task PutItems_FiveMegabytesOfText_SaysWhatToDoOverGrpc()
    {
        var request = new PutItemsRequest
        {
            Items = { new Item { ItemId = "i", Title = "t", Description = new string('x', 5 * 1024 * 1024) } },
        };

        var fault = await Assert.ThrowsAsync<RpcException>(
            () => _app.Grpc.PutItemsAsync(request, cancellationToken: TestContext.Current.CancellationToken).ResponseAsync);

        Assert.Equal(StatusCode.ResourceExhausted, fault.StatusCode);
        Assert.Contains("4194304 bytes", fault.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("Send fewer entries in a call, or shorten their texts", fault.Status.Detail, StringComparison.Ordinal);
        await AssertStillUpAsync();
    }

    [Theory]
    [InlineData("/v1/items", """{"items":[{"item_id":"i","title":"t","description":"§"}]}""")]
    [InlineData("/v1/events", """{"user_id":"u","kind":"EVENT_KIND_SEARCH","query":"§"}""")]
    public async Task AnyCall_FiveMegabytesOfText_SaysWhatToDoOverJson(string path, string body)
    {
        var answer = await _app.PostAsync(path, body.Replace("§", new string('x', 5 * 1024 * 1024), StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
        Assert.Equal((int)StatusCode.ResourceExhausted, answer.Code);
        Assert.Contains("Send fewer entries in a call, or shorten their texts", answer.Message, StringComparison.Ordinal);
        await AssertStillUpAsync();
    }

    [Fact]
    public async Task PublishEvent_ThreeMegabyteQuery_NamesTheField()
    {
        var request = new PublishEventRequest
        {
            Event = new UserEvent { UserId = "u", Kind = EventKind.Search, Query = new string('x', 3 * 1024 * 1024) },
        };

        var fault = await Assert.ThrowsAsync<RpcException>(
            () => _app.Grpc.PublishEventAsync(request, cancellationToken: TestContext.Current.CancellationToken).ResponseAsync);

        Assert.Equal(StatusCode.InvalidArgument, fault.StatusCode);
        Assert.Equal(["event.query"], Violations(fault));
    }

    [Fact]
    public async Task PublishEvent_NotJson_SaysWhatIsExpected()
    {
        var answer = await _app.PostAsync("/v1/events", """{"user_id":"u"}""", "text/plain");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("text/plain", answer.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Violations(RpcException fault)
    {
        var details = Google.Rpc.Status.Parser.ParseFrom(fault.Trailers.GetValueBytes("grpc-status-details-bin"));
        Assert.Equal((int)fault.StatusCode, details.Code);
        return details.Details.Single().Unpack<BadRequest>().FieldViolations.Select(v => v.Field);
    }

    private async Task AssertStillUpAsync()
    {
        var answer = await _app.PostAsync("/v1/events", """{"user_id":"u","kind":"EVENT_KIND_CLICK","item_id":"known"}""");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }
}
