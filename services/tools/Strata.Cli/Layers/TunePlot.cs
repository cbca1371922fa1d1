using System.Globalization;
using ScottPlot;
using Strata.Evaluator.Layers;

namespace Strata.Cli.Layers;

/// <summary>Draws what <c>layers tune</c> found: silhouette and stability over K, above the sizes of the layers.</summary>
internal static class TunePlot
{
    private const int Width = 1000;
    private const int Height = 800;

    public static void Write(FileInfo file, TuningReport report)
    {
        file.Directory?.Create();
        double[] layers = [.. report.Rows.Select(row => Math.Log2(row.Layers))];
        var picture = new Multiplot();
        picture.AddPlots(2);
        var (quality, sizes) = (picture.GetPlot(0), picture.GetPlot(1));
        Line(quality, layers, report.Rows.Select(row => row.Stability), "stability: NMI of two seeds");
        Line(quality, layers, report.Rows.Select(row => row.Silhouette), "silhouette (cosine)");
        quality.Axes.SetLimitsY(Math.Min(0, report.Rows.Min(row => row.Silhouette)), 1);
        quality.Title(string.Create(CultureInfo.InvariantCulture, $"{report.Items}: {report.Count:N0} items"));
        quality.YLabel("0 to 1");
        Line(sizes, layers, report.Rows.Select(row => (double)row.Largest), "largest layer");
        Line(sizes, layers, report.Rows.Select(row => (double)row.Median), "median layer");
        Line(sizes, layers, report.Rows.Select(row => (double)row.Smallest), "smallest layer");
        sizes.Axes.SetLimitsY(0, 1.05 * report.Rows.Max(row => row.Largest));
        sizes.YLabel("items");
        foreach (var plot in new[] { quality, sizes })
        {
            var usual = plot.Add.VerticalLine(Math.Log2(report.Default), pattern: LinePattern.Dashed, color: Colors.Gray);
            usual.LegendText = string.Create(CultureInfo.InvariantCulture, $"default K = {report.Default}");
            plot.Axes.Bottom.SetTicks(layers, [.. report.Rows.Select(row => row.Layers.ToString(CultureInfo.InvariantCulture))]);
            plot.XLabel("layers, K");
            plot.ShowLegend(plot == quality ? Alignment.MiddleRight : Alignment.UpperRight);
        }

        picture.SavePng(file.FullName, Width, Height);
    }

    private static void Line(Plot plot, double[] x, IEnumerable<double> y, string name)
    {
        var line = plot.Add.Scatter(x, y.ToArray());
        (line.LegendText, line.LineWidth, line.MarkerSize) = (name, 2, 7);
    }
}
