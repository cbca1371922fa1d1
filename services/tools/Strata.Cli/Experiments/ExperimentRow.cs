using System.Globalization;
using Spectre.Console;
using Strata.Contracts.Ranking.V1;

namespace Strata.Cli.Experiments;

/// <summary>An arm as a table has it.</summary>
internal sealed record ExperimentRow(
    string Experiment,
    string Arm,
    bool IsBaseline,
    double Share,
    ulong Users,
    ulong Slates,
    ulong Clicked,
    RateCell ClickRate,
    RateCell Ndcg,
    double ItemsShown,
    double Coverage,
    DateTimeOffset? First,
    DateTimeOffset? Last)
{
    public static IEnumerable<ExperimentRow> Of(ExperimentResult experiment) => experiment.Arms.Select(arm => new ExperimentRow(
        experiment.Name,
        arm.Name,
        arm.Name == experiment.Baseline,
        arm.Share,
        arm.Users,
        arm.Slates,
        arm.Clicked,
        RateCell.Of(arm.ClickRate),
        RateCell.Of(arm.Ndcg),
        Math.Round(arm.ItemsShown),
        arm.Coverage,
        TimeOf(arm.FirstUnixMs),
        TimeOf(arm.LastUnixMs)));

    public static void Print(IAnsiConsole console, IReadOnlyList<ExperimentRow> rows)
    {
        if (rows.Count == 0)
        {
            console.Profile.Out.Writer.WriteLine("no experiment runs: Ranking:Experiments names none");
            return;
        }

        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns(
            "experiment", "arm", "share", "users", "slates", "click rate", "against baseline", "NDCG@20", "against baseline",
            "coverage so far");
        foreach (var row in rows)
        {
            table.AddRow(
                row.Experiment,
                row.Arm + (row.IsBaseline ? " (baseline)" : ""),
                Text($"{row.Share:P0}"),
                Text($"{row.Users}"),
                Text($"{row.Slates}"),
                Text($"{row.ClickRate.Value:F4}"),
                row.IsBaseline ? "" : row.ClickRate.Against,
                Text($"{row.Ndcg.Value:F4}"),
                row.IsBaseline ? "" : row.Ndcg.Against,
                Text($"{row.Coverage:P1}"));
        }

        console.Write(table);
    }

    internal static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static DateTimeOffset? TimeOf(long unixMs) => unixMs > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(unixMs) : null;
}

/// <summary>A rate; the rest is null where it is not compared.</summary>
internal sealed record RateCell(double Value, double? Difference, double? Low, double? High, bool? Decided)
{
    /// <summary>The comparison in words.</summary>
    public string Against => Difference is null
        ? "too little yet"
        : ExperimentRow.Text($"{Difference:+0.0000;-0.0000} ({Low:+0.0000;-0.0000} to {High:+0.0000;-0.0000})")
            + (Decided == false ? " open" : Difference > 0 ? " better" : " worse");

    public static RateCell Of(ArmRate rate) => new(
        rate.Value, rate.Difference?.Value, rate.Difference?.Low, rate.Difference?.High, rate.Difference?.Decided);
}
