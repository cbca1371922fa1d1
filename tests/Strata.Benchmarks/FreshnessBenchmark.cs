using System.CommandLine;
using System.Diagnostics;
using Google.Protobuf.WellKnownTypes;
using Grpc.Net.Client;
using Spectre.Console;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Contracts.Ranking.V1;
using IngestionClient = Strata.Contracts.Ingestion.V1.Ingestion.IngestionClient;
using RankingClient = Strata.Contracts.Ranking.V1.Ranking.RankingClient;

namespace Strata.Benchmarks;

/// <summary>
/// Time from a produced click to a changed slate, on a running system: a user never seen clicks an item, and slates are asked for one after
/// the other until one differs from the slate before. Beside it, the time of the acknowledgement and of a slate alone: what of the way is
/// the pipeline's.
/// </summary>
internal static class FreshnessBenchmark
{
    private const uint Places = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        var ingestion = new Option<string>("--ingestion")
        {
            Description = "gRPC address of Ingestion.",
            DefaultValueFactory = _ => "http://localhost:5081",
        };
        var ranking = new Option<string>("--ranking")
        {
            Description = "gRPC address of Ranking.",
            DefaultValueFactory = _ => "http://localhost:5081",
        };
        var clicks = new Option<int>("--clicks") { Description = "Clicks measured.", DefaultValueFactory = _ => 300 };
        var pause = new Option<int>("--pause") { Description = "Milliseconds between two clicks.", DefaultValueFactory = _ => 20 };
        var at = new Option<DateTimeOffset?>("--time")
        {
            Description = "Event time of the clicks, where the system holds a replay of the past. Default: now.",
        };
        var command = new Command("freshness", "Time from a produced click to a changed slate on a running system.")
        {
            ingestion, ranking, clicks, pause, at,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var producing = GrpcChannel.ForAddress(parsed.GetValue(ingestion)!);
            using var asking = GrpcChannel.ForAddress(parsed.GetValue(ranking)!);
            await RunAsync(
                new IngestionClient(producing),
                new RankingClient(asking),
                parsed.GetValue(clicks),
                parsed.GetValue(pause),
                parsed.GetValue(at),
                cancellationToken);
            return 0;
        });
        return command;
    }

    private static async Task RunAsync(
        IngestionClient ingestion,
        RankingClient ranking,
        int clicks,
        int pause,
        DateTimeOffset? at,
        CancellationToken cancellationToken)
    {
        var (acknowledged, changed, slates) = (new List<double>(), new List<double>(), new List<double>());
        var run = Guid.NewGuid().ToString("n")[..8];
        var first = new RecommendRequest { UserId = run, Count = 100, DryRun = true };
        var items = (await ranking.RecommendAsync(first, cancellationToken: cancellationToken)).Items;
        for (var i = 0; i < clicks + (clicks / 10); i++)
        {
            var request = new RecommendRequest { UserId = $"{run}-{i}", Count = Places, DryRun = true };
            var started = Stopwatch.GetTimestamp();
            var before = await ranking.RecommendAsync(request, cancellationToken: cancellationToken);
            var slate = Stopwatch.GetElapsedTime(started);
            started = Stopwatch.GetTimestamp();
            var click = new UserEvent
            {
                UserId = request.UserId,
                Kind = EventKind.Click,
                ItemId = items[i % items.Count].ItemId,
                EventTime = at is { } time ? Timestamp.FromDateTimeOffset(time) : null,
            };
            await ingestion.PublishEventAsync(new PublishEventRequest { Event = click }, cancellationToken: cancellationToken);
            var ack = Stopwatch.GetElapsedTime(started);
            while (Same(before, await ranking.RecommendAsync(request, cancellationToken: cancellationToken)))
            {
                if (Stopwatch.GetElapsedTime(started) > Patience)
                {
                    throw new TimeoutException($"The slate did not change within {Patience}.");
                }
            }

            var change = Stopwatch.GetElapsedTime(started);
            if (i >= clicks / 10) // the first ones warm the system up
            {
                slates.Add(slate.TotalMilliseconds);
                acknowledged.Add(ack.TotalMilliseconds);
                changed.Add(change.TotalMilliseconds);
            }

            await Task.Delay(pause, cancellationToken);
        }

        var table = new Table().AddColumns($"milliseconds, {clicks} clicks", "median", "p90", "p99", "max");
        Add(table, "slate of ten", slates);
        Add(table, "click → acknowledged", acknowledged);
        Add(table, "click → changed slate", changed);
        AnsiConsole.Write(table);
    }

    private static bool Same(RecommendResponse a, RecommendResponse b)
        => a.Items.Select(item => item.ItemId).SequenceEqual(b.Items.Select(item => item.ItemId), StringComparer.Ordinal);

    private static void Add(Table table, string name, List<double> values)
    {
        values.Sort();
        table.AddRow(name, $"{At(values, .5):F1}", $"{At(values, .9):F1}", $"{At(values, .99):F1}", $"{values[^1]:F1}");
    }

    private static double At(List<double> sorted, double share) => sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * share))];
}
