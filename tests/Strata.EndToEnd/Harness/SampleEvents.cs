using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Local.Sample;
using Strata.Testing.Systems;
using IngestionClient = Strata.Contracts.Ingestion.V1.Ingestion.IngestionClient;

namespace Strata.EndToEnd.Harness;

/// <summary>
/// The sample's events, sent as a careful producer does: each with an id of its own, sent again until it is acknowledged.
/// </summary>
internal sealed class SampleEvents
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Deployment _deployment;
    private readonly SampleCatalogue _catalogue = SampleCatalogue.Load();
    private readonly List<UserEvent> _events;

    public SampleEvents(Deployment deployment, int count)
    {
        _deployment = deployment;
        var simulator = new ShopperSimulator(_catalogue, new SimulationOptions { Events = count });
        _events = [.. simulator.Organic().Select((act, number) => new UserEvent
        {
            EventId = $"sample-{number}",
            UserId = act.UserId,
            Kind = System.Enum.Parse<EventKind>(act.Action.ToString()),
            ItemId = act.ItemId ?? "",
            Query = act.Query ?? "",
            EventTime = Timestamp.FromDateTimeOffset(act.Time),
        })];
    }

    /// <summary>Events acknowledged, by user.</summary>
    public IReadOnlyDictionary<string, int> Published => _events.CountBy(e => e.UserId).ToDictionary(StringComparer.Ordinal);

    public async Task PutItemsAsync(CancellationToken cancellationToken)
    {
        using var channel = GrpcChannel.ForAddress(_deployment["Ingestion"].Grpc);
        var put = new PutItemsRequest();
        put.Items.AddRange(
            _catalogue.Items.Select(item => new Item { ItemId = item.ItemId, Title = item.Title, Description = item.Description }));
        await new IngestionClient(channel).PutItemsAsync(put, cancellationToken: cancellationToken);
    }

    /// <summary>Publishes one part of the events; <paramref name="accident"/> happens in the middle of it, while events go on.</summary>
    public async Task PublishAsync(int part, int parts, Func<Task>? accident, CancellationToken cancellationToken)
    {
        var (from, to) = (_events.Count * part / parts, _events.Count * (part + 1) / parts);
        Task? happening = null;
        for (var i = from; i < to; i++)
        {
            if (i == (from + to) / 2)
            {
                happening = accident?.Invoke();
            }

            await PublishAsync(_events[i], cancellationToken);
        }

        await (happening ?? Task.CompletedTask);
    }

    private async Task PublishAsync(UserEvent act, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                using var channel = GrpcChannel.ForAddress(_deployment["Ingestion"].Grpc);
                await new IngestionClient(channel)
                    .PublishEventAsync(new PublishEventRequest { Event = act }, cancellationToken: cancellationToken);
                return;
            }
            catch (Exception fault) when (
                fault is RpcException
                {
                    StatusCode: StatusCode.Unavailable or StatusCode.Internal or StatusCode.Cancelled or StatusCode.FailedPrecondition,
                } or KeyNotFoundException)
            {
                // Killed, not started again yet, or not knowing the catalogue yet: the producer tries again.
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }
}
