using Grpc.Core;
using Strata.Contracts.Ingestion.V1;
using Strata.Local.Sample;
using Strata.Local.Traffic;
using IngestionClient = Strata.Contracts.Ingestion.V1.Ingestion.IngestionClient;

namespace Strata.Local.Tests.Traffic;

[Trait("height", "unit")]
public sealed class TrafficPublisherTests
{
    private static readonly SimulatedEvent Click = new("ann", ShopperAction.Click, "i1", null, DateTimeOffset.UnixEpoch, null, -1);

    [Fact]
    public async Task PublishAsync_ItemWasDeletedMeanwhile_GoesOnWithoutIt()
    {
        var answers = new[] { Refused("event.item_id"), new PublishEventsResponse { Accepted = new() { AsOf = "v1:0:7" } } };
        await using var publisher = new TrafficPublisher(new Answering(answers), TestContext.Current.CancellationToken);

        Assert.Equal([null, "v1:0:7"], await publisher.PublishAsync([Click, Click]));
    }

    [Fact]
    public async Task PublishAsync_AnyOtherRefusal_Throws()
    {
        var publisher = new TrafficPublisher(new Answering([Refused("event.kind")]), TestContext.Current.CancellationToken);

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => publisher.PublishAsync([Click]));

        Assert.Contains("event.kind", fault.Message, StringComparison.Ordinal);
    }

    private static PublishEventsResponse Refused(string field) => new() { Rejected = new() { Field = field, Message = "no" } };

    private sealed class Answering(PublishEventsResponse[] answers) : IngestionClient
    {
        public override AsyncDuplexStreamingCall<PublishEventRequest, PublishEventsResponse> PublishEvents(
            Metadata? headers = null, DateTime? deadline = null, CancellationToken cancellationToken = default)
            => new(
                new Requests(), new Answers(answers), Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });
    }

    private sealed class Requests : IClientStreamWriter<PublishEventRequest>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task CompleteAsync() => Task.CompletedTask;

        public Task WriteAsync(PublishEventRequest message) => Task.CompletedTask;

        public Task WriteAsync(PublishEventRequest message, CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class Answers(PublishEventsResponse[] answers) : IAsyncStreamReader<PublishEventsResponse>
    {
        private int _at = -1;

        public PublishEventsResponse Current => answers[_at];

        public Task<bool> MoveNext(CancellationToken cancellationToken) => Task.FromResult(++_at < answers.Length);
    }
}
