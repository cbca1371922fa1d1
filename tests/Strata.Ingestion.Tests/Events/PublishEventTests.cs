using System.Net;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Strata.Contracts;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Streaming.Publishing;
using Strata.Streaming.Topology;
using Strata.Testing.Doubles;

namespace Strata.Ingestion.Tests.Events;

[Trait("height", "harness")]
public sealed class PublishEventTests : IAsyncLifetime
{
    private IngestionApp _app = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await IngestionApp.StartAsync();
        await _app.Grpc.PutItemsAsync(new PutItemsRequest { Items = { new Item { ItemId = "i", Title = "Known" } } });
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task PublishEvent_Good_IsPublishedByUserAtEventTime()
    {
        var eventTime = IngestionApp.Now.AddHours(-1);

        await _app.Grpc.PublishEventAsync(
            new PublishEventRequest { Event = Click(e => e.EventTime = eventTime.ToTimestamp()) }, cancellationToken: Cancel);

        var message = _app.Publisher.Messages.Single(m => m.Topic == Topics.Events);
        var published = Assert.IsType<UserEvent>(message.Value);
        Assert.Equal("u", message.Key);
        Assert.Equal(eventTime, message.Timestamp);
        Assert.Equal(eventTime, published.EventTime.ToDateTimeOffset());
        Assert.Equal(IngestionApp.Now, published.ReceivedTime.ToDateTimeOffset());
    }

    [Fact]
    public async Task PublishEvent_NoTime_TakesTheTimeOfReceipt()
    {
        await _app.Grpc.PublishEventAsync(new PublishEventRequest { Event = Click() }, cancellationToken: Cancel);

        var message = _app.Publisher.Messages.Single(m => m.Topic == Topics.Events);
        Assert.Equal(IngestionApp.Now, message.Timestamp);
        Assert.Equal(IngestionApp.Now, ((UserEvent)message.Value!).EventTime.ToDateTimeOffset());
    }

    [Fact]
    public async Task PublishEvent_FourMinutesAhead_IsDatedByItsReceipt()
    {
        await _app.Grpc.PublishEventAsync(
            new PublishEventRequest { Event = Click(e => e.EventTime = IngestionApp.Now.AddMinutes(4).ToTimestamp()) },
            cancellationToken: Cancel);

        var message = _app.Publisher.Messages.Single(m => m.Topic == Topics.Events);
        Assert.Equal(IngestionApp.Now, message.Timestamp);
        Assert.Equal(IngestionApp.Now, ((UserEvent)message.Value!).EventTime.ToDateTimeOffset());
    }

    [Fact]
    public async Task PublishEvent_ReceivedTimeForged_IsSetAnew()
    {
        await _app.Grpc.PublishEventAsync(
            new PublishEventRequest { Event = Click(e => e.ReceivedTime = new Timestamp { Seconds = 1 }) }, cancellationToken: Cancel);

        Assert.Equal(IngestionApp.Now, _app.Publisher.Of<UserEvent>(Topics.Events).Single().ReceivedTime.ToDateTimeOffset());
    }

    [Fact]
    public async Task PublishEvent_NoId_MakesOneOfTheClock()
    {
        var answer = await _app.Grpc.PublishEventAsync(new PublishEventRequest { Event = Click() }, cancellationToken: Cancel);

        var id = Guid.Parse(answer.EventId);
        Assert.Equal(7, id.Version);
        Assert.StartsWith(
            $"{IngestionApp.Now.ToUnixTimeMilliseconds():x12}",
            answer.EventId.Replace("-", string.Empty, StringComparison.Ordinal),
            StringComparison.Ordinal);
        Assert.Equal(answer.EventId, _app.Publisher.Of<UserEvent>(Topics.Events).Single().EventId);
    }

    [Fact]
    public async Task PublishEvent_SameIdTwice_KeepsTheProducersId()
    {
        var first = await _app.Grpc.PublishEventAsync(
            new PublishEventRequest { Event = Click(e => e.EventId = "order-7") }, cancellationToken: Cancel);
        var second = await _app.Grpc.PublishEventAsync(
            new PublishEventRequest { Event = Click(e => e.EventId = "order-7") }, cancellationToken: Cancel);

        Assert.Equal(("order-7", "order-7"), (first.EventId, second.EventId));
        Assert.All(_app.Publisher.Of<UserEvent>(Topics.Events), e => Assert.Equal("order-7", e.EventId));
    }

    [Fact]
    public async Task PublishEvent_Answer_CarriesTheTokenOfItsPosition()
    {
        await _app.Grpc.PublishEventAsync(
            new PublishEventRequest { Event = Click(e => e.Kind = EventKind.View) }, cancellationToken: Cancel);
        var answer = await _app.Grpc.PublishEventAsync(new PublishEventRequest { Event = Click() }, cancellationToken: Cancel);

        Assert.True(AsOfToken.TryParse(answer.AsOf, out var token));
        var partition = KeyPartitioner.PartitionOf("u", 4);
        Assert.Equal(new AsOfToken(partition, 1, RecordingPublisher.LogOf(Topics.Events, partition)), token);
    }

    [Fact]
    public async Task PublishEvent_NotAcknowledgedYet_DoesNotAnswer()
    {
        var asked = new TaskCompletionSource();
        var acknowledged = new TaskCompletionSource();
        _app.Publisher.Acknowledge = (_, _, _) =>
        {
            asked.SetResult();
            return acknowledged.Task;
        };

        var call = _app.Grpc.PublishEventAsync(new PublishEventRequest { Event = Click() }, cancellationToken: Cancel).ResponseAsync;
        await asked.Task.WaitAsync(Cancel);
        var answeredEarly = call.IsCompleted;
        acknowledged.SetResult();
        await call;

        Assert.False(answeredEarly);
    }

    [Fact]
    public async Task PublishEvent_Search_IsNormalised()
    {
        await _app.PostAsync("/v1/events", """{"user_id":"u","kind":"EVENT_KIND_SEARCH","query":"  cafe\u0301\tau\u0000 lait\n"}""");

        Assert.Equal("café au lait", _app.Publisher.Of<UserEvent>(Topics.Events).Single().Query);
    }

    [Fact]
    public async Task PublishEvent_BrokerDoesNotAnswer_IsUnavailable()
    {
        _app.Publisher.Acknowledge = (_, _, _) => throw new PublishException("timed out") { Transient = true };

        var fault = await Assert.ThrowsAsync<RpcException>(
            () => _app.Grpc.PublishEventAsync(new PublishEventRequest { Event = Click() }, cancellationToken: Cancel).ResponseAsync);
        var answer = await _app.PostAsync("/v1/events", """{"user_id":"u","kind":"EVENT_KIND_CLICK","item_id":"i"}""");

        Assert.Equal(StatusCode.Unavailable, fault.StatusCode);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, (int)StatusCode.Unavailable), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task PublishEvent_FaultNobodyForesaw_IsInternalWithATraceIdAndNoDetails()
    {
        _app.Publisher.Acknowledge = (_, _, _) => throw new InvalidOperationException("secret of the inside");

        var fault = await Assert.ThrowsAsync<RpcException>(
            () => _app.Grpc.PublishEventAsync(new PublishEventRequest { Event = Click() }, cancellationToken: Cancel).ResponseAsync);
        var answer = await _app.PostAsync("/v1/events", """{"user_id":"u","kind":"EVENT_KIND_CLICK","item_id":"i"}""");

        Assert.Equal(StatusCode.Internal, fault.StatusCode);
        Assert.Matches("trace id [0-9a-f]{32}", fault.Status.Detail);
        Assert.DoesNotContain("secret", fault.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.InternalServerError, answer.Status);
        Assert.DoesNotContain("secret", answer.Message, StringComparison.Ordinal);
        Assert.Equal(2, _app.Errors.Count);
    }

    private static UserEvent Click(Action<UserEvent>? change = null)
    {
        var click = new UserEvent { UserId = "u", Kind = EventKind.Click, ItemId = "i" };
        change?.Invoke(click);
        return click;
    }
}
