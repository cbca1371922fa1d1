using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Strata.Cli.Frame;
using Strata.Evaluator.Datasets;
using Strata.Evaluator.Similar;
using Strata.Evaluator.Streams;

namespace Strata.Cli.Evaluate;

/// <summary><c>strata evaluate similar</c>.</summary>
internal static class SimilarCommand
{
    public static StrataCommand Create()
    {
        var events = EvaluateOptions.ExistingFile("--events", $"CSV {DatasetEvent.Form}; ISO 8601, UTC; gzipped or not.");
        var items = EvaluateOptions.ExistingFile("--items", "CSV item,title or JSON lines, as for ranking; gzipped or not.");
        var scored = new Option<int>("--scored")
        {
            Description = "Ask about a uniform sample of so many lines (all are learned from); 0: all.",
            DefaultValueFactory = _ => 0,
        };
        scored.Validators.Add(result =>
        {
            if (result.GetValue(scored) < 0)
            {
                result.AddError("--scored must be 0 or more.");
            }
        });
        var seed = EvaluateOptions.Seed();
        var cache = EvaluateOptions.Cache();
        var command = new StrataCommand(
            "similar",
            "Replay baskets, ask for items like one of each before it is learned, and look for the rest of it and for the user's next one.",
            "strata evaluate similar --events events.csv.gz --items items.csv.gz --scored 8000 --json similar.json",
            "strata evaluate similar --events events.csv --items items.csv")
        {
            events, items, scored, seed, cache,
        };
        command.Does(async (parsed, session, cancellationToken) =>
        {
            var options = new ReplayOptions
            {
                Variant = Variant.ByBasket,
                Scored = parsed.GetValue(scored),
                Seed = parsed.GetValue(seed),
            };
            var found = await session.WithProgressAsync(
                progress => new SimilarEvaluation(progress, parsed.GetValue(cache)!.FullName).RunAsync(
                    parsed.GetValue(events)!.FullName, parsed.GetValue(items)!.FullName, options, cancellationToken),
                cancellationToken);
            await session.ReportAsync(found, Print, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(IAnsiConsole console, SimilarReport report)
    {
        console.MarkupLineInterpolated(
            $"[bold]{report.Events}[/]: {report.Scored:N0} of {report.Eligible:N0} lines asked about, {report.ItemCount:N0} items");
        foreach (var judged in report.Judged)
        {
            console.MarkupLineInterpolated($"[bold]{judged.Wanted}[/]: {judged.Tests:N0} lines; differences from {judged.Against}");
            var table = new Table().Border(TableBorder.Simple);
            table.AddColumns("method", "HR@20", "95 %", "recall@20", "difference", "95 %", "setting");
            foreach (var method in judged.Methods)
            {
                table.AddRow(
                    method.Name,
                    Number(method.Hr20),
                    $"{Number(method.Hr20Low)}–{Number(method.Hr20High)}",
                    Number(method.Recall20),
                    Number(method.Difference),
                    $"{Number(method.DifferenceLow)} to {Number(method.DifferenceHigh)}",
                    method.Setting);
            }

            console.Write(table);
        }
    }

    private static string Number(double value) => value.ToString("F4", CultureInfo.InvariantCulture);
}
