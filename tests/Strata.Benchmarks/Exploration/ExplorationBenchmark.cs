using System.CommandLine;
using Spectre.Console;
using Strata.Contracts.Catalog.V1;
using Strata.Evaluator.Replays;
using Strata.Evaluator.Texts;
using Strata.Local.Sample;

namespace Strata.Benchmarks.Exploration;

/// <summary>
/// What exploring by layers costs and finds, on the simulated shoppers of the sample, whose true interests are known and drift.
/// </summary>
internal static class ExplorationBenchmark
{
    public static Command Create()
    {
        var seeds = new Option<int>("--seeds")
        {
            Description = "Simulations, each with shoppers of its own.",
            DefaultValueFactory = _ => 5,
        };
        var events = new Option<int>("--events") { Description = "Organic events of a simulation.", DefaultValueFactory = _ => 14_000 };
        var command = new Command("exploration", "What exploring by layers costs and finds, on the simulated shoppers.") { seeds, events };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await RunAsync(parsed.GetValue(seeds), parsed.GetValue(events), cancellationToken);
            return 0;
        });
        return command;
    }

    private static async Task RunAsync(int seeds, int events, CancellationToken cancellationToken)
    {
        var catalogue = SampleCatalogue.Load();
        Item[] items = [.. catalogue.Items.Select(known => new Item
        {
            ItemId = known.ItemId,
            Title = known.Title,
            Description = known.Description,
        })];
        var simulations = Enumerable.Range(1, seeds).Select(seed => new SimulationOptions { Seed = seed, Events = events }).ToList();
        using var texts = new TextFeatures(Path.Combine(Path.GetTempPath(), "strata-vectors"));
        var features = await texts.DescribeAsync(items, _ => { }, cancellationToken);
        var queries = await QueryFeatures.DescribeAsync(
            texts, catalogue.Queries.Select(query => query.Query), _ => _ => { }, cancellationToken);

        var outcomes = new ArmOutcome[Arm.All.Count, seeds];
        await AnsiConsole.Progress().StartAsync(async progress =>
        {
            var bar = progress.AddTask("simulations", maxValue: outcomes.Length);
            var parallel = new ParallelOptions { CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(Enumerable.Range(0, outcomes.Length), parallel, (job, token) =>
            {
                var (arm, seed) = (job / seeds, job % seeds);
                var shop = new ExploringShop(catalogue, simulations[seed], items, features, queries, Arm.All[arm]);
                outcomes[arm, seed] = shop.Run(token);
                bar.Increment(1);
                return ValueTask.CompletedTask;
            });
        });

        var table = new Table().AddColumns(
            "exploration",
            "clicks /100 slates",
            "in the last half",
            "new interests /100",
            "little known /100",
            "of the ideal",
            "layers in a slate");
        for (var arm = 0; arm < Arm.All.Count; arm++)
        {
            ArmOutcome[] runs = [.. Enumerable.Range(0, seeds).Select(seed => outcomes[arm, seed])];
            ArmOutcome[] none = [.. Enumerable.Range(0, seeds).Select(seed => outcomes[0, seed])];
            table.AddRow(
                Arm.All[arm].Name,
                Cell(runs, none, run => run.Clicks),
                Cell(runs, none, run => run.LateClicks),
                Cell(runs, none, run => run.Discoveries),
                Cell(runs, none, run => run.Tried),
                $"{runs.Average(run => run.Ideal):P1}",
                $"{runs.Average(run => run.Layers):F2}");
        }

        AnsiConsole.Write(table);
        AnsiConsole.WriteLine($"{seeds} simulations of {events:N0} organic events, a slate of ten after every eighth. "
            + "In brackets: difference to none, ± its standard error over the simulations.");
    }

    private static string Cell(ArmOutcome[] runs, ArmOutcome[] none, Func<ArmOutcome, double> of)
    {
        var differences = runs.Zip(none, (run, other) => of(run) - of(other)).ToArray();
        var mean = differences.Average();
        var squares = differences.Sum(difference => (difference - mean) * (difference - mean));
        var error = Math.Sqrt(squares / Math.Max(1, differences.Length - 1) / differences.Length);
        return runs == none || differences.All(difference => difference == 0)
            ? $"{runs.Average(of):F1}"
            : $"{runs.Average(of):F1} ({mean:+0.0;-0.0} ± {error:F1})";
    }
}
