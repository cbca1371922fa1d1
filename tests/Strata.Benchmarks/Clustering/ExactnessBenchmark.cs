using System.CommandLine;
using System.Globalization;
using Google.Protobuf;
using Spectre.Console;
using Strata.Clustering.Layers;
using Strata.Clustering.Tests.Schedules;
using Strata.Contracts;
using Strata.Numerics;
using Strata.Testing.Systems;
using LayerDelta = Strata.Contracts.Layers.V1.LayerDelta;

namespace Strata.Benchmarks.Clustering;

/// <summary>
/// Runs Clustering as one, two and four processes on a real broker while accidents happen: processes killed (SIGKILL; one of them has the
/// reducer), hung beyond their session and woken (SIGSTOP, SIGCONT), stopped and started in good order, deltas sent again. After every run
/// all points must have been absorbed, and every version that was published must equal, bit for bit, what one thread makes of the same
/// points with the same cuts.
/// </summary>
internal static class ExactnessBenchmark
{
    private const int Layers = 16;
    private const int Dimensions = 32;
    private const int Users = 200;
    private const int PointsOfARun = 1_500;

    /// <summary>Tight limits, so that layers move all the time and every accident falls into some epoch.</summary>
    private static readonly LayersOptions Options = new()
    {
        Layers = Layers,
        EpochPoints = 256,
        HalfLifePoints = 2000,
        MoveGain = 1,
        MoveAge = 0,
        MoveMembers = 16,
    };

    private static readonly Dictionary<string, string> Settings = new(StringComparer.Ordinal)
    {
        ["Clustering:Layers:Layers"] = Text(Layers),
        ["Clustering:Layers:EpochPoints"] = Text(Options.EpochPoints!.Value),
        ["Clustering:Layers:HalfLifePoints"] = Text((int)Options.HalfLifePoints!.Value),
        ["Clustering:Layers:MoveGain"] = "1",
        ["Clustering:Layers:MoveAge"] = "0",
        ["Clustering:Layers:MoveMembers"] = "16",
        ["Clustering:Points:EpochPoints"] = "32",
        ["Clustering:Points:Linger"] = "00:00:00.500",
        ["Streaming:Consumer:session.timeout.ms"] = "6000",
    };

    private enum Accident
    {
        Kill,
        KillAll,
        Hang,
        Restart,
        Repeat,
    }

    public static Command Create()
    {
        var runs = new Option<int>("--runs")
        {
            Description = "Runs, divided over one, two and four workers.",
            DefaultValueFactory = _ => 100,
        };
        var seed = new Option<int>("--seed") { Description = "Seed of the accidents.", DefaultValueFactory = _ => 1 };
        var command = new Command("exactness", "Layers of workers with accidents against a sequential run, to the bit.") { runs, seed };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var table = new Table().AddColumns(
                "workers", "runs", "killed", "hung", "restarted", "repeated",
                "points", "deltas", "dropped", "moves", "versions equal", "different");
            var faults = 0;
            int[] fleets = [1, 2, 4];
            for (var i = 0; i < fleets.Length; i++)
            {
                var share = (parsed.GetValue(runs) * (i + 1) / fleets.Length) - (parsed.GetValue(runs) * i / fleets.Length);
                faults += await RunAsync(fleets[i], share, new Random(parsed.GetValue(seed) + i), table, cancellationToken);
            }

            AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, 150);
            AnsiConsole.Write(table);
            return faults;
        });
        return command;
    }

    private static async Task<int> RunAsync(int workers, int runs, Random random, Table table, CancellationToken cancellationToken)
    {
        await using var stage = await ClusteringStage.StartAsync(null, cancellationToken);
        var items = new PointWorld(Layers, Dimensions, random.Next());
        var fleet = new ServiceProcess[workers];
        for (var i = 0; i < workers; i++)
        {
            fleet[i] = await stage.StartWorkerAsync($"worker-{i}", Settings, cancellationToken);
        }

        var catalogue = Enumerable.Range(0, 1_000).Select(items.Item).ToArray();
        await stage.PublishAsync(
            Topics.ItemFeatures, catalogue.Select(item => ((string?)item.ItemId, (IMessage)item, 0L)), cancellationToken);
        await stage.UntilAsync("a layer set", async () => await stage.MarkerAsync(cancellationToken) is not null, cancellationToken);
        var check = new LogCheck(stage, new SequentialRun(
            Options, [.. catalogue.Select(item => new Int8Vector(item.Embedding.Codes.Memory, item.Embedding.Scale))]));
        var (counts, time, different) = (new int[5], TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), 0);
        for (var run = 1; run <= runs && different == 0; run++)
        {
            // Other topics in every run, so that layers move.
            var publishing = PublishAsync(
                stage, new PointWorld(Layers, Dimensions, random.Next()), time + (run * 60_000L), random.Next(), cancellationToken);
            var accidents = new List<Accident>();
            for (var i = random.Next(1, 4); i > 0; i--)
            {
                await Task.Delay(random.Next(1_000), cancellationToken);
                var accident = (Accident)random.Next(counts.Length);
                accidents.Add(accident);
                counts[(int)accident] += accident == Accident.KillAll ? workers : 1;
                await HappenAsync(stage, fleet, accident, random, cancellationToken);
            }

            await publishing;
            await stage.UntilAsync("all points absorbed", () => check.IsAbsorbedAsync(cancellationToken), cancellationToken);
            try
            {
                await check.RunAsync(cancellationToken);
                AnsiConsole.WriteLine($"{workers} workers, run {run}: {string.Join(", ", accidents)}: "
                    + $"version {check.Sequential.Set.Version} and all before it equal");
            }
            catch (InvalidDataException fault)
            {
                different++;
                AnsiConsole.WriteLine($"{workers} workers, run {run}: {string.Join(", ", accidents)}: {fault.Message}");
            }
        }

        var done = check.Sequential;
        int[] row =
        [
            workers, runs, counts[0] + counts[1], counts[2], counts[3], counts[4],
            (int)done.Points, done.Deltas, done.Duplicates, done.Moves, done.Versions, different,
        ];
        table.AddRow([.. row.Select(Text)]);
        return different;
    }

    private static async Task PublishAsync(
        ClusteringStage stage,
        PointWorld world,
        long time,
        int seed,
        CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        foreach (var chunk in Enumerable.Range(0, PointsOfARun).Chunk(50))
        {
            await stage.PublishAsync(
                Topics.InterestPoints,
                chunk.Select(i => world.Point($"user-{random.Next(Users)}", time + i))
                    .Select(point => ((string?)point.UserId, (IMessage)point, point.EventTimeUnixMs)),
                cancellationToken);
            await Task.Delay(random.Next(100), cancellationToken);
        }
    }

    private static async Task HappenAsync(
        ClusteringStage stage,
        ServiceProcess[] fleet,
        Accident accident,
        Random random,
        CancellationToken cancellationToken)
    {
        var victim = random.Next(fleet.Length);
        switch (accident)
        {
            case Accident.Kill:
                await fleet[victim].KillAsync();
                await StartAsync(victim);
                break;
            case Accident.KillAll:
                await Task.WhenAll(fleet.Select(worker => worker.KillAsync()));
                await Task.WhenAll(Enumerable.Range(0, fleet.Length).Select(StartAsync));
                break;
            case Accident.Hang:
                await fleet[victim].PauseAsync();
                await Task.Delay(random.Next(500, 9_000), cancellationToken);
                await fleet[victim].ResumeAsync();
                break;
            case Accident.Restart:
                await fleet[victim].StopAsync();
                await StartAsync(victim);
                break;
            default:
                await RepeatAsync(stage, random, cancellationToken);
                break;
        }

        async Task StartAsync(int worker) => fleet[worker] = await stage.StartWorkerAsync($"worker-{worker}", Settings, cancellationToken);
    }

    /// <summary>Five of the last hundred deltas come again.</summary>
    private static async Task RepeatAsync(ClusteringStage stage, Random random, CancellationToken cancellationToken)
    {
        var deltas = (await stage.RecordsAsync(Topics.LayerDeltas, cancellationToken))
            .Where(record => record.Key is null)
            .Select(record => LayerDelta.Parser.ParseFrom(record.Value!.Value.Span))
            .TakeLast(100)
            .ToArray();
        var again = deltas.Length == 0 ? [] : random.GetItems(deltas, 5);
        await stage.PublishAsync(
            Topics.LayerDeltas,
            again.Select(delta => ((string?)null, (IMessage)delta, delta.EventTimeUnixMs)),
            cancellationToken,
            partition: 0);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
