using System.Globalization;
using Spectre.Console;
using Strata.Chaos;

namespace Strata.Cli.Chaos;

/// <summary>The report of a campaign's pieces for people.</summary>
internal static class ChaosTable
{
    public static void Print(IAnsiConsole console, IReadOnlyList<CampaignReport> pieces)
    {
        var table = new Table().AddColumns("fault", "times", "worst recovery, s", "mean recovery, s");
        foreach (var kind in pieces.SelectMany(piece => piece.Faults).GroupBy(fault => fault.Name, StringComparer.Ordinal)
            .OrderBy(kind => kind.Key, StringComparer.Ordinal))
        {
            table.AddRow(
                kind.Key, Text(kind.Count()), Text(kind.Max(fault => fault.Recovery)), Text(kind.Average(fault => fault.Recovery)));
        }

        console.Write(table);
        foreach (var report in pieces)
        {
            console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"seed {report.Seed}: {report.Faults.Count} faults in {report.Seconds:F0} s, {report.Instances} instances, "
                + $"{report.Nodes} brokers, {report.Primaries} primaries of a Redis Cluster"));
            console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"events: {report.Events} acknowledged, {report.Retries} sent again, {report.Lost} lost; slates: "
                + $"{report.SlatesAnswered} of {report.SlatesAsked} answered, {report.SlatesDegraded} degraded; "
                + $"layers: version {report.LayerSetVersion}"));
            foreach (var violation in report.Violations)
            {
                console.WriteLine($"VIOLATION (seed {report.Seed}, {violation.During}): {violation.What}");
            }
        }
    }

    private static string Text(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);
}
