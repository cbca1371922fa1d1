using System.Globalization;
using Spectre.Console;
using Strata.Bench;
using Strata.Bench.Measuring;

namespace Strata.Cli.Bench;

/// <summary>What a measurement found, for people.</summary>
internal static class BenchTable
{
    public static void Print(IAnsiConsole console, BenchReport report)
    {
        var rates = new Table().AddColumns("", "done", "failed", "a second", "median, ms", "p90", "p99", "p99.9", "max", "held, a second");
        foreach (var phase in report.Yardsticks.Concat(report.Phases))
        {
            var times = phase.Milliseconds;
            rates.AddRow(
                phase.Name,
                Text(phase.Done),
                Text(phase.Failed),
                Text(phase.Rate),
                Text(times?.Median),
                Text(times?.P90),
                Text(times?.P99),
                Text(times?.P999),
                Text(times?.Max),
                Text(phase.HeldRate));
        }

        console.Write(rates);
        foreach (var phase in report.Phases.Where(phase => phase.Processes.Count > 0))
        {
            Print(console, phase);
        }
    }

    private static void Print(IAnsiConsole console, Phase phase)
    {
        var processes = new Table().AddColumns(phase.Name, "CPU, s", "µs each", "% of a core", "MiB", "MB written");
        foreach (var cost in phase.Processes)
        {
            processes.AddRow(
                cost.Name,
                Text(cost.CpuSeconds),
                Text(cost.MicrosecondsEach),
                Text(100 * cost.CoreShare),
                Text(cost.ResidentMiB),
                Text(cost.WrittenBytes / 1e6));
        }

        processes.AddRow(
            "all but the generator",
            Text(phase.Processes.Where(IsMeasured).Sum(cost => cost.CpuSeconds)),
            Text(phase.Processes.Where(IsMeasured).Sum(cost => cost.MicrosecondsEach)),
            Text(100 * phase.Processes.Where(IsMeasured).Sum(cost => cost.CoreShare)));
        console.Write(processes);
        if (phase.Growth.Count > 0)
        {
            var growth = new Table().AddColumns("growth", "of", "mean", "% an hour", "at most");
            foreach (var (process, what, mean, percent, upper, _) in phase.Growth)
            {
                growth.AddRow(process, what, Text(mean), Text(percent), Text(upper));
            }

            console.Write(growth);
        }

        if (phase.Topics.Count > 0)
        {
            var topics = new Table().AddColumns("log", "MB", "bytes each");
            foreach (var topic in phase.Topics)
            {
                topics.AddRow(topic.Topic, Text(topic.Bytes / 1e6), Text(topic.BytesEach));
            }

            topics.AddRow("all", Text(phase.Topics.Sum(topic => topic.Bytes) / 1e6), Text(phase.Topics.Sum(topic => topic.BytesEach)));
            console.Write(topics);
        }
    }

    private static bool IsMeasured(ProcessCost cost) => cost.Name != "generator";

    private static string Text(double? number) => number?.ToString("#,0.##", CultureInfo.InvariantCulture) ?? "";
}
