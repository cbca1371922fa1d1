using System.Diagnostics;
using System.Net;
using Confluent.Kafka;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Strata.Bench.Load;
using Strata.Bench.Measuring;
using Strata.Contracts.Ranking.V1;
using RankingClient = Strata.Contracts.Ranking.V1.Ranking.RankingClient;
using RankingContract = Strata.Contracts.Ranking.V1.Ranking;

namespace Strata.Bench.Limits;

/// <summary>
/// What the machine does when nothing is computed: an empty gRPC call, and a bare idempotent producer of the same events.
/// </summary>
internal static class Yardsticks
{
    private const string Topic = "strata.bench.v1";
    private const int Partitions = 12;
    private const int Messages = 100_000;

    private static readonly TimeSpan Time = TimeSpan.FromSeconds(5);

    /// <summary>Calls that are answered with nothing, by as many callers as slates are asked for by; server and callers here.</summary>
    public static async Task<Phase> EmptyCallAsync(int callers, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(
            kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        await using var server = builder.Build();
        server.MapGrpcService<EmptyRanking>();
        await server.StartAsync(cancellationToken);
        using var channel = GrpcChannel.ForAddress(server.Urls.First());
        var client = new RankingClient(channel);
        await CallAsync(client, callers, Time / 5, cancellationToken); // compiles
        var tally = await CallAsync(client, callers, Time, cancellationToken);
        return tally.ToPhase($"empty call, {callers} callers");
    }

    /// <summary>An idempotent producer with our settings, which waits for all acknowledgements at the end only.</summary>
    public static async Task<Phase> BareProducerAsync(
        IReadOnlyDictionary<string, string> brokers, BenchShop shop, int users, CancellationToken cancellationToken)
    {
        using var admin = new AdminClientBuilder(brokers).Build();
        try
        {
            await admin.CreateTopicsAsync([new() { Name = Topic, NumPartitions = Partitions, ReplicationFactor = -1 }]);
        }
        catch (Confluent.Kafka.Admin.CreateTopicsException fault)
            when (fault.Results.TrueForAll(result => result.Error.Code == ErrorCode.TopicAlreadyExists))
        {
            // of an earlier run
        }

        var random = new Random(0);
        var messages = Enumerable.Range(0, Messages).Select(_ =>
        {
            var act = shop.Event(random.Next(users), random);
            act.EventId = Guid.CreateVersion7().ToString();
            act.EventTime = act.ReceivedTime = TimeProvider.System.GetUtcNow().ToTimestamp();
            return new Message<string, byte[]> { Key = act.UserId, Value = act.ToByteArray() };
        }).ToArray();
        using var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig(brokers.ToDictionary())
        {
            Acks = Acks.All,
            EnableIdempotence = true,
            LingerMs = 2,
        }).Build();
        var tally = new Tally();
        foreach (var message in messages)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var at = Stopwatch.GetTimestamp();
            while (!TryProduce(producer, message, at, tally))
            {
                producer.Poll(TimeSpan.FromMilliseconds(10));
            }
        }

        producer.Flush(cancellationToken);
        await admin.DeleteTopicsAsync([Topic]);
        return tally.ToPhase("bare producer");
    }

    private static bool TryProduce(IProducer<string, byte[]> producer, Message<string, byte[]> message, long at, Tally tally)
    {
        try
        {
            producer.Produce(Topic, message, report =>
            {
                if (report.Error.IsError)
                {
                    tally.Failed();
                }
                else
                {
                    tally.Answered(at);
                }
            });
            return true;
        }
        catch (ProduceException<string, byte[]> fault) when (fault.Error.Code == ErrorCode.Local_QueueFull)
        {
            return false;
        }
    }

    private static async Task<Tally> CallAsync(
        RankingClient client, int callers, TimeSpan time, CancellationToken cancellationToken)
    {
        var (tally, arrivals) = (new Tally(), new Arrivals(0, time, TimeProvider.System));
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(
            async () =>
            {
                while (await arrivals.NextAsync(cancellationToken) is { } at)
                {
                    await client.RecommendAsync(new RecommendRequest(), cancellationToken: cancellationToken);
                    tally.Answered(at);
                }
            },
            cancellationToken)));
        return tally;
    }

    private sealed class EmptyRanking : RankingContract.RankingBase
    {
        public override Task<RecommendResponse> Recommend(RecommendRequest request, ServerCallContext context)
            => Task.FromResult(new RecommendResponse());
    }
}
