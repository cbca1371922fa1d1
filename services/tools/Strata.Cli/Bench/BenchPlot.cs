using ScottPlot;
using Strata.Bench;

namespace Strata.Cli.Bench;

/// <summary>Draws the last measurement: CPU by process above the lag over time.</summary>
internal static class BenchPlot
{
    private const int Width = 1000;
    private const int Height = 700;

    public static void Write(FileInfo file, BenchReport report)
    {
        file.Directory?.Create();
        var phase = report.Phases[^1];
        var picture = new Multiplot();
        picture.AddPlots(2);
        var (cpu, lag) = (picture.GetPlot(0), picture.GetPlot(1));
        cpu.Add.Bars(phase.Processes.Select(cost => cost.MicrosecondsEach ?? (100 * cost.CoreShare)).ToArray());
        cpu.Axes.Bottom.SetTicks(
            [.. Enumerable.Range(0, phase.Processes.Count).Select(i => (double)i)], [.. phase.Processes.Select(cost => cost.Name)]);
        cpu.Axes.SetLimitsY(0, cpu.Axes.GetLimits().Top);
        cpu.YLabel(phase.Done > 0 ? "µs of CPU each" : "% of a core");
        cpu.Title(FormattableString.Invariant($"{phase.Name}: {phase.Done:N0}, {phase.Rate:N0} a second"));
        lag.Add.Scatter(phase.Lags.Select(at => at.AtSeconds).ToArray(), phase.Lags.Select(at => (double)at.Records).ToArray());
        lag.XLabel("seconds");
        lag.YLabel("records behind");
        picture.SavePng(file.FullName, Width, Height);
    }
}
