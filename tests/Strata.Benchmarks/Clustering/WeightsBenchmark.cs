using System.CommandLine;
using System.Diagnostics;
using Google.Protobuf.WellKnownTypes;
using Grpc.Net.Client;
using Spectre.Console;
using StackExchange.Redis;
using Strata.Contracts;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Contracts.Ranking.V1;
using IngestionClient = Strata.Contracts.Ingestion.V1.Ingestion.IngestionClient;
using RankingClient = Strata.Contracts.Ranking.V1.Ranking.RankingClient;

namespace Strata.Benchmarks.Clustering;

/// <summary>
/// Time from a produced click to its user's changed weights in Redis, on a running system; beside it the acknowledgement and the change of
/// the profile, which lie on the way.
/// </summary>
internal static class WeightsBenchmark
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        var address = new Option<string>("--address")
        {
            Description = "gRPC address of Ingestion and Ranking.",
            DefaultValueFactory = _ => "http://localhost:5081",
        };
        var redis = new Option<string>("--redis") { Description = "The system's Redis.", DefaultValueFactory = _ => "localhost:6379" };
        var clicks = new Option<int>("--clicks") { Description = "Clicks measured.", DefaultValueFactory = _ => 300 };
        var pause = new Option<int>("--pause") { Description = "Milliseconds between two clicks.", DefaultValueFactory = _ => 20 };
        var command = new Command("weights", "Time from a produced click to changed weights in Redis on a running system.")
        {
            address, redis, clicks, pause,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var channel = GrpcChannel.ForAddress(parsed.GetValue(address)!);
            await using var store = await ConnectionMultiplexer.ConnectAsync(parsed.GetValue(redis)!);
            await RunAsync(channel, store.GetDatabase(), parsed.GetValue(clicks), parsed.GetValue(pause), cancellationToken);
            return 0;
        });
        return command;
    }

    private static async Task RunAsync(GrpcChannel channel, IDatabase redis, int clicks, int pause, CancellationToken cancellationToken)
    {
        var run = Guid.NewGuid().ToString("n")[..8];
        var ingestion = new IngestionClient(channel);
        var first = new RecommendRequest { UserId = run, Count = 100, DryRun = true };
        var items = (await new RankingClient(channel).RecommendAsync(first, cancellationToken: cancellationToken)).Items;
        var (acknowledged, profiles, weights) = (new List<double>(), new List<double>(), new List<double>());
        var warm = clicks / 10;
        for (var i = 0; i < clicks + warm; i++)
        {
            // Every other click is its user's second: a value that changes, not only one that comes to be.
            var user = $"{run}-{i / 2}";
            var before = await redis.StringGetAsync([Keys.Profile(user), Keys.UserLayers(user)]);
            var click = new UserEvent
            {
                UserId = user,
                Kind = EventKind.Click,
                ItemId = items[i % items.Count].ItemId,
                EventTime = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow()),
            };
            var started = Stopwatch.GetTimestamp();
            await ingestion.PublishEventAsync(new PublishEventRequest { Event = click }, cancellationToken: cancellationToken);
            var acknowledgement = Stopwatch.GetElapsedTime(started);
            TimeSpan? profile = null;
            while (true)
            {
                var now = await redis.StringGetAsync([Keys.Profile(user), Keys.UserLayers(user)]);
                profile ??= now[0] == before[0] ? null : Stopwatch.GetElapsedTime(started);
                if (now[1] != before[1])
                {
                    break;
                }

                if (Stopwatch.GetElapsedTime(started) > Patience)
                {
                    throw new TimeoutException($"The weights did not change within {Patience}.");
                }

                await Task.Delay(1, cancellationToken);
            }

            if (i >= warm)
            {
                acknowledged.Add(acknowledgement.TotalMilliseconds);
                profiles.Add((profile ?? TimeSpan.Zero).TotalMilliseconds);
                weights.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }

            await Task.Delay(pause, cancellationToken);
        }

        var table = new Table().AddColumns($"milliseconds, {clicks} clicks", "median", "p90", "p99", "max");
        Add(table, "click → acknowledged", acknowledged);
        Add(table, "click → changed profile", profiles);
        Add(table, "click → changed weights", weights);
        AnsiConsole.Write(table);
    }

    private static void Add(Table table, string name, List<double> values)
    {
        values.Sort();
        table.AddRow(name, $"{At(values, .5):F1}", $"{At(values, .9):F1}", $"{At(values, .99):F1}", $"{values[^1]:F1}");
    }

    private static double At(List<double> sorted, double share) => sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * share))];
}
