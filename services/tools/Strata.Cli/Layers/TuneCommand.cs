using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Strata.Cli.Evaluate;
using Strata.Cli.Frame;
using Strata.Evaluator.Layers;

namespace Strata.Cli.Layers;

/// <summary><c>strata layers tune</c>.</summary>
internal static class TuneCommand
{
    public static StrataCommand Create()
    {
        var items = EvaluateOptions.ExistingFile("--items", "Catalogue: CSV item,title or JSON lines with item and title; gzipped or not.");
        var from = new Option<int?>("--from") { Description = "Fewest layers. [default: a quarter of the root of the number of items]" };
        var to = new Option<int?>("--to") { Description = "Most layers. [default: four times that root, at most half of the items]" };
        var seed = EvaluateOptions.Seed();
        var plot = new Option<FileInfo?>("--plot") { Description = "Draw the table as a PNG into this file." };
        var cache = EvaluateOptions.Cache();
        var command = new StrataCommand(
            "tune",
            "Run the layers over a catalogue for a range of K, each under two seeds: silhouette, agreement of the two, sizes.",
            "strata layers tune --items services/Strata.Local/Sample/items.jsonl",
            "strata layers tune --items items.csv --from 8 --to 64 --plot tune.png --json tune.json")
        {
            items, from, to, seed, plot, cache,
        };
        command.Validators.Add(result =>
        {
            var (fewest, most) = (result.GetValue(from), result.GetValue(to));
            if (fewest < 2 || most < 2 || fewest > most)
            {
                result.AddError($"--from {fewest} --to {most} is no range of K: give 2 or more, and --from not above --to.");
            }
        });
        command.Does(async (parsed, session, cancellationToken) =>
        {
            var found = await session.WithProgressAsync(
                progress => new LayersTuning(progress, parsed.GetValue(cache)!.FullName)
                    .RunAsync(
                        parsed.GetValue(items)!.FullName,
                        parsed.GetValue(from),
                        parsed.GetValue(to),
                        parsed.GetValue(seed),
                        cancellationToken),
                cancellationToken);
            await session.ReportAsync(found, Print, cancellationToken);
            if (parsed.GetValue(plot) is { } picture)
            {
                TunePlot.Write(picture, found);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(IAnsiConsole console, TuningReport report)
    {
        console.MarkupLineInterpolated(
            $"[bold]{report.Items}[/]: {report.Count:N0} items, seeds {report.Seed} and {report.Seed + 1}; default K = {report.Default}");
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns("K", "silhouette", "stability (NMI)", "smallest", "median", "largest", "empty");
        foreach (var row in report.Rows)
        {
            table.AddRow(
                row.Layers == report.Default ? $"[bold]{row.Layers}[/]" : $"{row.Layers}",
                row.Silhouette.ToString("F3", CultureInfo.InvariantCulture),
                row.Stability.ToString("F3", CultureInfo.InvariantCulture),
                $"{row.Smallest}",
                $"{row.Median}",
                $"{row.Largest}",
                $"{row.Empty}");
        }

        console.Write(table);
    }
}
