using System.Globalization;
using Spectre.Console;
using Strata.Chaos.Serving;

namespace Strata.Cli.Chaos;

/// <summary>The report of the scenario of a constant client, for people.</summary>
internal static class ServingTable
{
    public static void Print(IAnsiConsole console, ServingReport report)
    {
        var table = new Table().AddColumns(
            "away", "seconds", "calls", "without a slate", "degraded", "at another first", "median, ms", "p99, ms", "slowest, ms",
            "fresh after, s");
        foreach (var phase in report.Phases)
        {
            table.AddRow(
                phase.Name, Text(phase.Seconds), Text(phase.Calls), Text(phase.Unanswered), Text(phase.Degraded), Text(phase.Again),
                Text(phase.MedianMs), Text(phase.P99Ms), Text(phase.SlowestMs), Text(phase.Recovery));
        }

        console.Write(table);
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"seed {report.Seed}, {report.Instances} instances, {report.Nodes} brokers; events: {report.Events} acknowledged, "
            + $"{report.Retries} sent again, {report.Lost} lost"));
        foreach (var violation in report.Violations)
        {
            console.WriteLine($"VIOLATION (seed {report.Seed}): {violation.What}");
        }
    }

    private static string Text(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);
}
