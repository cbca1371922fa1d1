using Spectre.Console;

namespace Strata.Cli.Replay;

internal sealed record ReplaySummary
{
    public required int Items { get; init; }

    public required long Events { get; init; }

    /// <summary>Events that were taken: published, set aside or collapsed.</summary>
    public required long Accepted { get; init; }

    /// <summary>Events that Ingestion refused.</summary>
    public required long Rejected { get; init; }

    /// <summary>Refusals by their message, at most ten.</summary>
    public required IReadOnlyDictionary<string, long> Rejections { get; init; }

    /// <summary>What each rule of cleaning did, in the order of the rules.</summary>
    public required IReadOnlyList<RuleTally> Rules { get; init; }

    public required int Users { get; init; }

    /// <summary>Seconds it took to put the items.</summary>
    public required double ItemsSeconds { get; init; }

    /// <summary>Seconds from the first event sent to the last one acknowledged.</summary>
    public required double EventsSeconds { get; init; }

    /// <summary>Events acknowledged a second.</summary>
    public double EventsPerSecond => EventsSeconds > 0 ? Accepted / EventsSeconds : 0;

    public static void Print(IAnsiConsole console, ReplaySummary summary)
    {
        var table = new Table().HideHeaders().AddColumns("", "");
        table.AddRow("items put", $"{summary.Items:N0} in {summary.ItemsSeconds:F1} s");
        table.AddRow("events accepted", $"{summary.Accepted:N0} of {summary.Events:N0}");
        table.AddRow("users", $"{summary.Users:N0}");
        table.AddRow("time", $"{summary.EventsSeconds:F1} s");
        table.AddRow("events/s", $"{summary.EventsPerSecond:N0}");
        foreach (var (message, count) in summary.Rejections)
        {
            table.AddRow("[red]rejected[/]", Markup.Escape($"{count:N0} × {message}"));
        }

        console.Write(table);
        var rules = new Table().AddColumns("rule", "changed", "set aside", "collapsed", "refused");
        foreach (var column in rules.Columns.Skip(1))
        {
            column.RightAligned();
        }

        foreach (var rule in summary.Rules)
        {
            rules.AddRow(rule.Rule, $"{rule.Changed:N0}", $"{rule.SetAside:N0}", $"{rule.Collapsed:N0}", $"{rule.Refused:N0}");
        }

        console.Write(rules);
    }
}
