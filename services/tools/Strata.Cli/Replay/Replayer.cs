using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using Strata.Contracts;
using Strata.Contracts.Ingestion.V1;
using Strata.Evaluator.Datasets;
using Strata.Evaluator.Reports;
using IngestionClient = Strata.Contracts.Ingestion.V1.Ingestion.IngestionClient;

namespace Strata.Cli.Replay;

/// <summary>Puts a data set's items, then streams its events and counts the answers.</summary>
/// <param name="address">gRPC address of Ingestion.</param>
/// <param name="rate">Events a second; 0: as fast as they are acknowledged.</param>
internal sealed class Replayer(Uri address, double rate)
{
    private const int ItemsACall = 100;
    private const int RejectionsKept = 10;

    public async Task<ReplaySummary> RunAsync(Dataset dataset, IEvaluationProgress progress, CancellationToken cancellationToken)
    {
        using var channel = GrpcChannel.ForAddress(address);
        var client = new IngestionClient(channel.WithKey(CallerKey.FromEnvironment));
        var result = new Tally();
        var watch = Stopwatch.StartNew();
        await PutItemsAsync(client, dataset, progress.Begin("items", dataset.Items.Count, "items"), cancellationToken);
        var itemsSeconds = watch.Elapsed.TotalSeconds;
        watch.Restart();
        if (dataset.Events.Count > 0)
        {
            await PublishAsync(client, dataset.Events, result, progress.Begin("events", dataset.Events.Count, "events"), cancellationToken);
        }

        var eventsSeconds = watch.Elapsed.TotalSeconds;
        return new ReplaySummary
        {
            Items = dataset.Items.Count,
            Events = dataset.Events.Count,
            Accepted = result.Accepted,
            Rejected = result.Rejections.Values.Sum(),
            Rejections = result.Rejections.OrderByDescending(pair => pair.Value).Take(RejectionsKept).ToDictionary(),
            Rules = RuleTally.Of(result.Touched, result.Refused),
            Users = dataset.Events.Select(e => e.User).Distinct(StringComparer.Ordinal).Count(),
            ItemsSeconds = itemsSeconds,
            EventsSeconds = eventsSeconds,
        };
    }

    private static async Task PutItemsAsync(
        IngestionClient client,
        Dataset dataset,
        Action<int> progress,
        CancellationToken cancellationToken)
    {
        var put = 0;
        foreach (var chunk in dataset.Items.Chunk(ItemsACall))
        {
            var request = new PutItemsRequest();
            request.Items.AddRange(chunk);
            await client.PutItemsAsync(request, cancellationToken: cancellationToken);
            progress(put += chunk.Length);
        }
    }

    private async Task PublishAsync(
        IngestionClient client,
        IReadOnlyList<DatasetEvent> events,
        Tally result,
        Action<int> progress,
        CancellationToken cancellationToken)
    {
        using var call = client.PublishEvents(cancellationToken: cancellationToken);
        var reading = ReadAnswersAsync(call.ResponseStream, result, progress, cancellationToken);
        var watch = Stopwatch.StartNew();
        for (var sent = 0; sent < events.Count && !reading.IsCompleted; sent++)
        {
            if (rate > 0 && (sent / rate) - watch.Elapsed.TotalSeconds is var ahead and > 0.005)
            {
                await Task.Delay(TimeSpan.FromSeconds(ahead), cancellationToken);
            }

            await call.RequestStream.WriteAsync(new PublishEventRequest { Event = events[sent].ToMessage() }, cancellationToken);
        }

        await call.RequestStream.CompleteAsync();
        await reading;
    }

    private static async Task ReadAnswersAsync(
        IAsyncStreamReader<PublishEventsResponse> answers,
        Tally result,
        Action<int> progress,
        CancellationToken cancellationToken)
    {
        var answered = 0;
        await foreach (var answer in answers.ReadAllAsync(cancellationToken))
        {
            RuleTally.Count(answer, result.Touched, result.Refused);
            if (answer.Rejected is { } rejection)
            {
                var message = $"{rejection.Field}: {rejection.Message}";
                result.Rejections[message] = result.Rejections.GetValueOrDefault(message) + 1;
            }
            else
            {
                result.Accepted++;
            }

            progress(++answered);
        }
    }

    private sealed class Tally
    {
        public long Accepted { get; set; }

        public Dictionary<string, long> Rejections { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, long> Touched { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, long> Refused { get; } = new(StringComparer.Ordinal);
    }
}
