using System.Net;
using Grpc.Core;
using Strata.Contracts;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Testing.Brokers;

namespace Strata.Ingestion.Tests.Hosting;

/// <summary>Ingestion on a broker that speaks Kafka.</summary>
[Trait("height", "embedded")]
public sealed class BrokerTests(EmbeddedBrokerFixture fixture) : IClassFixture<EmbeddedBrokerFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PublishEvent_ItemPutByAnotherProcess_IsKnownAfterAStart()
    {
        var settings = fixture.Broker.Settings.ToDictionary();
        await using (var first = await IngestionApp.StartAsync(settings, caughtUp: false))
        {
            var request = new PutItemsRequest { Items = { new Item { ItemId = "put before", Title = "T" } } };
            await first.Grpc.PutItemsAsync(request, cancellationToken: Cancel);
        }

        await using var second = await IngestionApp.StartAsync(settings, caughtUp: false);
        await ReadyAsync(second);
        var known = await second.Grpc.PublishEventAsync(View("put before"), cancellationToken: Cancel);
        var unknown = await Assert.ThrowsAsync<RpcException>(
            () => second.Grpc.PublishEventAsync(View("never put"), cancellationToken: Cancel).ResponseAsync);

        Assert.True(AsOfToken.TryParse(known.AsOf, out var token));
        Assert.NotEqual(0ul, token.Log);
        Assert.Equal(StatusCode.FailedPrecondition, unknown.StatusCode);
    }

    [Fact]
    public async Task PublishEvents_ThroughTheBroker_AnswersInOrderWithRisingOffsets()
    {
        await using var app = await IngestionApp.StartAsync(fixture.Broker.Settings.ToDictionary(), caughtUp: false);
        using var call = app.Grpc.PublishEvents(cancellationToken: Cancel);
        var answers = call.ResponseStream.ReadAllAsync(Cancel).ToListAsync(Cancel).AsTask();

        for (var i = 0; i < 500; i++)
        {
            var search = new UserEvent { UserId = "one user", Kind = EventKind.Search, Query = $"q{i}" };
            await call.RequestStream.WriteAsync(new PublishEventRequest { Event = search }, Cancel);
        }

        await call.RequestStream.CompleteAsync();
        var tokens = (await answers).Select(a => AsOfToken.TryParse(a.Accepted.AsOf, out var token) ? token : default).ToList();
        Assert.Equal(500, tokens.Count);
        Assert.Equal(tokens.Select((_, i) => tokens[0].Offset + i), tokens.Select(t => t.Offset));
    }

    private static PublishEventRequest View(string item)
        => new() { Event = new UserEvent { UserId = "u", Kind = EventKind.View, ItemId = item } };

    private static async Task ReadyAsync(IngestionApp app)
    {
        while (true)
        {
            using var answer = await app.Http.GetAsync("/health/ready", Cancel);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                return;
            }

            await Task.Delay(50, Cancel);
        }
    }
}
