using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Local.Sample;
using IngestionClient = Strata.Contracts.Ingestion.V1.Ingestion.IngestionClient;

namespace Strata.Local.Traffic;

/// <summary>One open stream to Ingestion: sends events in order and takes their answers.</summary>
internal sealed class TrafficPublisher(IngestionClient ingestion, CancellationToken cancellationToken) : IAsyncDisposable
{
    private const string ItemField = "event.item_id";

    private readonly AsyncDuplexStreamingCall<PublishEventRequest, PublishEventsResponse> _call = ingestion.PublishEvents(
        cancellationToken: cancellationToken);

    /// <summary>
    /// Publishes events; returns their as-of tokens, in order, once the broker has them all. Null: the item was deleted meanwhile, so
    /// nobody could act on it. Any other refusal is a fault of ours and throws.
    /// </summary>
    public async Task<IReadOnlyList<string?>> PublishAsync(IReadOnlyList<SimulatedEvent> events)
    {
        var sending = SendAsync(events);
        var tokens = new List<string?>(events.Count);
        while (tokens.Count < events.Count)
        {
            if (!await _call.ResponseStream.MoveNext(cancellationToken))
            {
                throw new InvalidOperationException("Ingestion ended the stream.");
            }

            var answer = _call.ResponseStream.Current;
            if (answer.Accepted is null && answer.Rejected.Field != ItemField)
            {
                throw new InvalidOperationException(
                    $"Ingestion refused a simulated event: {answer.Rejected.Field}: {answer.Rejected.Message}");
            }

            tokens.Add(answer.Accepted?.AsOf);
        }

        await sending;
        return tokens;
    }

    public async ValueTask DisposeAsync()
    {
        if (!cancellationToken.IsCancellationRequested)
        {
            await _call.RequestStream.CompleteAsync();
            while (await _call.ResponseStream.MoveNext(cancellationToken))
            {
                // every answer has been taken: this only waits for the end of the call
            }
        }

        _call.Dispose();
    }

    private async Task SendAsync(IReadOnlyList<SimulatedEvent> events)
    {
        foreach (var simulated in events)
        {
            await _call.RequestStream.WriteAsync(new PublishEventRequest { Event = ToMessage(simulated) }, cancellationToken);
        }
    }

    /// <summary>The kind of event that an action is.</summary>
    public static EventKind KindOf(ShopperAction action) => action switch
    {
        ShopperAction.View => EventKind.View,
        ShopperAction.Click => EventKind.Click,
        ShopperAction.Search => EventKind.Search,
        ShopperAction.Like => EventKind.Like,
        ShopperAction.Cart => EventKind.Cart,
        ShopperAction.Purchase => EventKind.Purchase,
        ShopperAction.Dismiss => EventKind.Dismiss,
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "no kind of event"),
    };

    private static UserEvent ToMessage(SimulatedEvent simulated) => new()
    {
        UserId = simulated.UserId,
        Kind = KindOf(simulated.Action),
        ItemId = simulated.ItemId ?? "",
        Query = simulated.Query ?? "",
        EventTime = Timestamp.FromDateTimeOffset(simulated.Time),
        RequestId = simulated.RequestId ?? "",
        Position = (uint)Math.Max(0, simulated.Position),
    };
}
