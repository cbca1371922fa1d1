using System.Threading.Channels;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Strata.Contracts.Ingestion.V1;
using Strata.Ingestion.Events.Core;

namespace Strata.Ingestion.Events;

/// <summary>
/// A stream of events: read on while earlier ones wait for the broker, answered in order. A refused event is an answer; only a fault nobody
/// foresaw ends the stream.
/// </summary>
internal sealed class EventStream(EventIntake intake, IOptions<EventOptions> options)
{
    private static readonly WriteOptions Together = new(WriteFlags.BufferHint);

    public async Task RunAsync(
        IAsyncStreamReader<PublishEventRequest> requests,
        IServerStreamWriter<PublishEventsResponse> responses,
        CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var inFlight = Channel.CreateBounded<Task<PublishEventsResponse>>(
            new BoundedChannelOptions(options.Value.MaxInFlight) { SingleReader = true, SingleWriter = true });
        var reading = ReadAsync(requests, inFlight.Writer, stop.Token);
        try
        {
            while (await inFlight.Reader.WaitToReadAsync(stop.Token))
            {
                while (inFlight.Reader.TryRead(out var answer))
                {
                    var written = await answer;

                    // What follows at once goes out with it: a packet for each answer costs more than the answer.
                    responses.WriteOptions = inFlight.Reader.TryPeek(out var next) && next.IsCompleted ? Together : null;
                    await responses.WriteAsync(written, stop.Token);
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            await reading;
        }
    }

    private async Task ReadAsync(
        IAsyncStreamReader<PublishEventRequest> requests,
        ChannelWriter<Task<PublishEventsResponse>> inFlight,
        CancellationToken cancellationToken)
    {
        Exception? fault = null;
        try
        {
            for (var index = 0UL; await requests.MoveNext(cancellationToken); index++)
            {
                await inFlight.WriteAsync(intake.AnswerAsync(index, requests.Current, cancellationToken), cancellationToken);
            }
        }
        catch (Exception e)
        {
            // Reaches the caller through the channel, behind the answers that are still under way.
            fault = e;
        }

        inFlight.Complete(fault);
    }
}
