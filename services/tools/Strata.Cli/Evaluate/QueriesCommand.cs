using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Strata.Cli.Frame;
using Strata.Evaluator.Search;

namespace Strata.Cli.Evaluate;

/// <summary><c>strata evaluate queries</c>.</summary>
internal static class QueriesCommand
{
    private static readonly double[] Shares = [.05, .9];

    public static StrataCommand Create()
    {
        var items = EvaluateOptions.ExistingFile("--items", "CSV item,title or JSON lines, as for ranking; gzipped or not.");
        var judgments = EvaluateOptions.ExistingFile("--judgments", "CSV query,item,esci with E, S, C or I; gzipped or not.");
        var searches = new Option<double?>("--searches") { Description = "Share of searches among the events. [default: 0.05 and 0.9]" };
        var events = new Option<int>("--events") { Description = "Events that stream by.", DefaultValueFactory = _ => 20_000 };
        var seed = EvaluateOptions.Seed();
        var cache = EvaluateOptions.Cache();
        searches.Validators.Add(result =>
        {
            if (result.GetValue(searches) is not (null or (>= 0 and <= 1)))
            {
                result.AddError("--searches must lie from 0 to 1.");
            }
        });
        events.Validators.Add(result =>
        {
            if (result.GetValue(events) is < 0 or > 10_000_000)
            {
                result.AddError("--events must lie from 0 to 10000000.");
            }
        });
        var command = new StrataCommand(
            "queries",
            "Stream clicks and judged queries through layers of the items: do queries lie in the layer of what answers them?",
            "strata evaluate queries --items items.jsonl.gz --judgments judgments.csv.gz",
            "strata evaluate queries --items items.csv --judgments judgments.csv --searches 0.3 --json queries.json")
        {
            items, judgments, searches, events, seed, cache,
        };
        command.Does(async (parsed, session, cancellationToken) =>
        {
            var found = await session.WithProgressAsync(
                progress => new QueryLayersEvaluation(progress, parsed.GetValue(cache)!.FullName).RunAsync(
                    parsed.GetValue(items)!.FullName,
                    parsed.GetValue(judgments)!.FullName,
                    parsed.GetValue(searches) is { } one ? [one] : Shares,
                    parsed.GetValue(events),
                    parsed.GetValue(seed),
                    cancellationToken),
                cancellationToken);
            await session.ReportAsync(found, Print, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(IAnsiConsole console, QueryLayersReport report)
    {
        console.MarkupLineInterpolated(
            $"[bold]{report.Items}[/]: {report.AnswerCount:N0} answers of {report.QueryCount} queries among {report.ItemCount:N0} items");
        console.MarkupLineInterpolated($"{report.Events:N0} events, seed {report.Seed}");
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns("searches", "layers", "answers in the query's layer", "in the best layer", "queries in empty layers");
        foreach (var row in report.Searches)
        {
            table.AddRow(Number(row.Share, 2), Number(row.Layers, 0), Number(row.Own, 3), Number(row.Most, 3), Number(row.Lost, 3));
        }

        console.Write(table);
    }

    private static string Number(double value, int digits) => value.ToString($"F{digits}", CultureInfo.InvariantCulture);
}
