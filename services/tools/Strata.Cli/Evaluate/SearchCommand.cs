using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Strata.Cli.Frame;
using Strata.Evaluator.Search;

namespace Strata.Cli.Evaluate;

/// <summary><c>strata evaluate search</c>.</summary>
internal static class SearchCommand
{
    public static StrataCommand Create()
    {
        var items = EvaluateOptions.ExistingFile("--items", "CSV item,title or JSON lines, as for ranking; gzipped or not.");
        var judgments = EvaluateOptions.ExistingFile("--judgments", "CSV query,item,esci with E, S, C or I; gzipped or not.");
        var learned = new Option<DirectoryInfo>("--learned")
        {
            Description = "Folder of a data set, as for replay: slates also by the policy that learned its events.",
        };
        learned.AcceptExistingOnly();
        var cache = EvaluateOptions.Cache();
        var command = new StrataCommand(
            "search",
            "Rank all items for judged queries by words, by meaning and by both, and take the slate of a new user who sends the query.",
            "strata evaluate search --items items.jsonl.gz --judgments judgments.csv.gz",
            "strata evaluate search --items items.csv --judgments judgments.csv --json search.json")
        {
            items, judgments, learned, cache,
        };
        command.Does(async (parsed, session, cancellationToken) =>
        {
            var found = await session.WithProgressAsync(
                progress => new SearchEvaluation(progress, parsed.GetValue(cache)!.FullName).RunAsync(
                    parsed.GetValue(items)!.FullName,
                    parsed.GetValue(judgments)!.FullName,
                    parsed.GetValue(learned)?.FullName,
                    cancellationToken),
                cancellationToken);
            await session.ReportAsync(found, Print, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(IAnsiConsole console, SearchReport report)
    {
        console.MarkupLineInterpolated($"[bold]{report.Items}[/]: {report.QueryCount} queries over {report.ItemCount:N0} items");
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns("method", "NDCG@10");
        foreach (var method in report.Methods)
        {
            table.AddRow(method.Name, method.Ndcg10.ToString("F3", CultureInfo.InvariantCulture));
        }

        console.Write(table);
    }
}
