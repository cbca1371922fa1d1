using System.Globalization;
using Spectre.Console;
using Strata.Evaluator.Reports;

namespace Strata.Cli.Evaluate;

/// <summary>Prints what <c>evaluate ranking</c> found.</summary>
internal static class RankingTable
{
    public static void Print(IAnsiConsole console, RankingReport report)
    {
        console.MarkupInterpolated($"[bold]{report.Events}[/], by {report.Variant}: {report.EventCount:N0} events, ");
        console.MarkupInterpolated($"{report.UserCount:N0} users, {report.ItemCount:N0} items; ");
        console.MarkupLineInterpolated($"{report.Scored:N0} of {report.Eligible:N0} eligible events tested, seed {report.Seed}");
        if (report.UnknownItems > 0)
        {
            console.MarkupLineInterpolated($"[yellow]{report.UnknownItems:N0} events left out: their item is not in the items file.[/]");
        }

        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in new[] { "method", "HR@10", "HR@20", "NDCG@10", "NDCG@20", "95 %", "MRR", "strata ahead by", "µs/request" })
        {
            table.AddColumn(new TableColumn(column) { NoWrap = true, Alignment = column == "method" ? Justify.Left : Justify.Right });
        }

        var strata = report.Methods.FirstOrDefault(method => method.Name == "strata");
        foreach (var method in report.Methods)
        {
            table.AddRow(
                Bold(method.Name, method.Name),
                Fine(method.Hr10), Fine(method.Hr20), Fine(method.Ndcg10), Bold(method.Name, Fine(method.Ndcg20)),
                $"{Fine(method.Ndcg20Low)}–{Fine(method.Ndcg20High)}",
                Fine(method.Mrr),
                method is { Ndcg20BehindLow: { } low, Ndcg20BehindHigh: { } high } && strata is not null
                    ? $"{Signed(strata.Ndcg20 - method.Ndcg20)} ({Signed(low)} … {Signed(high)})"
                    : "",
                method.MicrosecondsPerRequest.ToString("F0", CultureInfo.InvariantCulture));
        }

        console.Write(table);
        foreach (var method in report.Methods.Where(method => method.Setting.Length > 0))
        {
            console.MarkupLineInterpolated($"[grey]{method.Name}: {method.Setting}[/]");
        }

        PrintSlates(console, report);
        PrintSlices(console, report);
        PrintSources(console, report);
        PrintCost(console, report);
    }

    private static void PrintSlates(IAnsiConsole console, RankingReport report)
    {
        var table = new Table().Border(TableBorder.Simple).Title(
            "slates of 20: share of the catalogue shown, inequality, novelty in bits, 1 − mean cosine, divergence from the user's layers");
        table.AddColumns("method", "coverage", "Gini", "novelty", "diversity", "KL layers", "recall@10", "recall@20");
        foreach (var method in report.Methods)
        {
            table.AddRow(
                method.Name, Share(method.Coverage), Share(method.Gini), method.Novelty.ToString(
                    "F1",
                    CultureInfo.InvariantCulture), Share(method.Diversity),
                Share(method.Calibration), Share(method.Recall10), Share(method.Recall20));
        }

        console.Write(table);
        if (report is { LayerVariation: { } variation, LayerVariationLeast: { } least })
        {
            console.MarkupInterpolated($"strata-served: layers of a slate ~ the user's probabilities, total variation ");
            console.MarkupLineInterpolated($"{Share(variation)}, at least {Share(least)} with 20 positions");
        }
    }

    private static void PrintSlices(IAnsiConsole console, RankingReport report)
    {
        if (report.Methods is not [var first, ..])
        {
            return;
        }

        var table = new Table().Border(TableBorder.Simple).Title(
            $"NDCG@20 by slice (tests: {first.Slices.ColdUserTests:N0} of users with fewer than 5 items, {first.Slices.ColdItemTests:N0} "
                + $"of items with fewer than 5 events)");
        table.AddColumns("method", "cold user", "warm user", "cold item", "warm item");
        foreach (var method in report.Methods)
        {
            table.AddRow(
                method.Name,
                Share(method.Slices.ColdUser),
                Share(method.Slices.WarmUser),
                Share(method.Slices.ColdItem),
                Share(method.Slices.WarmItem));
        }

        console.Write(table);
    }

    private static void PrintSources(IAnsiConsole console, RankingReport report)
    {
        if (report.Sources.Count == 0)
        {
            return;
        }

        var table = new Table()
            .Border(TableBorder.Simple)
            .Title($"each source alone; {report.Considered:P1} of the tested items were candidates");
        table.AddColumns("source", "HR@20", "÷ single centroid");
        foreach (var source in report.Sources)
        {
            table.AddRow(source.Name, Share(source.Hr20), source.ToCentroid?.ToString("F2", CultureInfo.InvariantCulture) ?? "");
        }

        console.Write(table);
    }

    private static void PrintCost(IAnsiConsole console, RankingReport report)
    {
        if (report is { MicrosecondsPerEvent: { } perEvent, BytesPerUser: { } perUser, BytesPerItem: { } perItem, StrataSeconds: { } own })
        {
            console.MarkupInterpolated($"strata: {perEvent:N0} µs an event taken in, {perUser:N0} bytes a user, ");
            console.MarkupInterpolated($"{perItem:N0} bytes an item; its replay took {own:N1} s, everything {report.Seconds:N1} s; ");
            console.MarkupLineInterpolated($"at most {report.PeakBytes / (1 << 20):N0} MiB");
        }
    }

    private static string Bold(string name, string text) => name == "strata" ? $"[bold]{text}[/]" : text;

    // Four digits where methods lie so near each other.
    private static string Fine(double value) => value.ToString("F4", CultureInfo.InvariantCulture);

    private static string Share(double value) => value.ToString("F3", CultureInfo.InvariantCulture);

    private static string Signed(double value) => Math.Round(value, 4).ToString("+0.0000;−0.0000;0.0000", CultureInfo.InvariantCulture);
}
