using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Strata.Evaluator.Reports;
using Strata.Evaluator.Search;

namespace Strata.Cli.Evaluate;

/// <summary><c>strata evaluate search</c>.</summary>
internal static class SearchCommand
{
    public static Command Create()
    {
        var items = EvaluateOptions.ExistingFile("--items", "CSV item,title or JSON lines, as for ranking; gzipped or not.");
        var judgments = EvaluateOptions.ExistingFile("--judgments", "CSV query,item,esci with E, S, C or I; gzipped or not.");
        var json = EvaluateOptions.Json();
        var cache = EvaluateOptions.Cache();
        var command = new Command("search", "Rank all items for judged queries by words, by meaning and by both.") { items, judgments, json, cache };
        command.SetAction((parsed, cancellationToken) => EvaluateCommand.RunAsync(async console =>
        {
            var found = await ProgressBars.RunAsync(console, progress => new SearchEvaluation(progress, parsed.GetValue(cache)!.FullName)
                .RunAsync(parsed.GetValue(items)!.FullName, parsed.GetValue(judgments)!.FullName, cancellationToken));
            console.MarkupLineInterpolated($"[bold]{found.Items}[/]: {found.QueryCount} queries over {found.ItemCount:N0} items");
            var table = new Table().Border(TableBorder.Simple);
            table.AddColumns("method", "NDCG@10");
            foreach (var method in found.Methods)
            {
                table.AddRow(method.Name, method.Ndcg10.ToString("F3", CultureInfo.InvariantCulture));
            }

            console.Write(table);
            if (parsed.GetValue(json) is { } file)
            {
                await ReportJson.WriteAsync(file, found, cancellationToken);
            }
        }));
        return command;
    }
}
