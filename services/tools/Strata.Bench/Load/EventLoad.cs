using System.Collections.Concurrent;
using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using Strata.Bench.Measuring;
using Strata.Contracts;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using IngestionClient = Strata.Contracts.Ingestion.V1.Ingestion.IngestionClient;

namespace Strata.Bench.Load;

/// <summary>Sends events, over several streams or in calls of many, and times their acknowledgements.</summary>
internal sealed class EventLoad(Uri ingestion, BenchOptions options, BenchShop shop)
{
    /// <summary>Events of a stream that wait for their answers where nobody gives a rate.</summary>
    private const int Window = 2_000;

    private const int ItemsACall = 500;

    private readonly ConcurrentDictionary<string, long> _refusals = new(StringComparer.Ordinal);

    /// <summary>Why events were refused, and how many.</summary>
    public IReadOnlyDictionary<string, long> Refusals => _refusals;

    /// <summary>Puts the catalogue.</summary>
    public async Task<Tally> PutItemsAsync(CancellationToken cancellationToken)
    {
        using var channel = GrpcChannel.ForAddress(ingestion);
        var client = new IngestionClient(channel.WithKey(CallerKey.FromEnvironment));
        var tally = new Tally();
        foreach (var chunk in shop.Items.Chunk(ItemsACall))
        {
            await client.PutItemsAsync(new PutItemsRequest { Items = { chunk } }, cancellationToken: cancellationToken);
            tally.Answered(chunk.Length);
        }

        return tally;
    }

    /// <summary>Gives each user their history, as fast as it is acknowledged.</summary>
    public Task<Tally> PutHistoryAsync(CancellationToken cancellationToken)
    {
        var (number, events) = (-1, options.Users * options.History);
        return RunAsync(
            _ => ValueTask.FromResult<long?>(Interlocked.Increment(ref number) < events ? Stopwatch.GetTimestamp() : null),
            cancellationToken);
    }

    /// <summary>Sends events of users drawn at random for the time given.</summary>
    public Task<Tally> RunAsync(CancellationToken cancellationToken)
        => RunAsync(new Arrivals(options.Rate, options.Time, TimeProvider.System).NextAsync, cancellationToken);

    private async Task<Tally> RunAsync(Func<CancellationToken, ValueTask<long?>> next, CancellationToken cancellationToken)
    {
        var tally = new Tally();
        await Task.WhenAll(Enumerable.Range(0, options.Streams).Select(stream => Task.Run(
            async () =>
            {
                using var channel = GrpcChannel.ForAddress(ingestion);
                var client = new IngestionClient(channel.WithKey(CallerKey.FromEnvironment));
                await (options.Batch > 0
                    ? CallAsync(client, stream, next, tally, cancellationToken)
                    : StreamAsync(client, stream, next, tally, cancellationToken));
            },
            cancellationToken)));
        return tally;
    }

    private async Task StreamAsync(
        IngestionClient client,
        int stream,
        Func<CancellationToken, ValueTask<long?>> next,
        Tally tally,
        CancellationToken cancellationToken)
    {
        using var call = client.PublishEvents(cancellationToken: cancellationToken);
        using var window = new SemaphoreSlim(Window);
        var due = new ConcurrentQueue<long>();
        var answers = ReadAsync(call.ResponseStream, due, options.Rate > 0 ? null : window, tally, cancellationToken);
        var random = new Random(options.Seed + stream);
        while (!answers.IsCompleted && await next(cancellationToken) is { } at)
        {
            if (options.Rate <= 0)
            {
                await window.WaitAsync(cancellationToken);
            }

            due.Enqueue(options.Rate > 0 ? at : Stopwatch.GetTimestamp());
            await call.RequestStream.WriteAsync(new PublishEventRequest { Event = Draw(stream, random) }, cancellationToken);
        }

        await call.RequestStream.CompleteAsync();
        await answers;
    }

    private async Task ReadAsync(
        IAsyncStreamReader<PublishEventsResponse> answers,
        ConcurrentQueue<long> due,
        SemaphoreSlim? window,
        Tally tally,
        CancellationToken cancellationToken)
    {
        await foreach (var answer in answers.ReadAllAsync(cancellationToken))
        {
            due.TryDequeue(out var at);
            Count(answer.Rejected, at, tally);
            window?.Release();
        }
    }

    private async Task CallAsync(
        IngestionClient client,
        int stream,
        Func<CancellationToken, ValueTask<long?>> next,
        Tally tally,
        CancellationToken cancellationToken)
    {
        var random = new Random(options.Seed + stream);
        var due = new List<long>();
        while (true)
        {
            var request = new PublishBatchRequest();
            due.Clear();
            while (due.Count < options.Batch && await next(cancellationToken) is { } at)
            {
                due.Add(at);
                request.Events.Add(Draw(stream, random));
            }

            if (due.Count == 0)
            {
                return;
            }

            var answer = await client.PublishBatchAsync(request, cancellationToken: cancellationToken);
            for (var i = 0; i < due.Count; i++)
            {
                Count(answer.Results[i].Rejected, due[i], tally);
            }
        }
    }

    private void Count(Rejection? rejection, long at, Tally tally)
    {
        if (rejection is null)
        {
            tally.Answered(at);
            return;
        }

        _refusals.AddOrUpdate($"{rejection.Field}: {rejection.Message}", 1, static (_, count) => count + 1);
        tally.Failed();
    }

    // A user's events go by one stream.
    private UserEvent Draw(int stream, Random random)
    {
        var users = Math.Max(1, options.Users / options.Streams);
        return shop.Event((random.Next(users) * options.Streams) + stream, random);
    }
}
