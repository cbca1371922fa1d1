using System.Globalization;
using System.Net;
using System.Text;

namespace Strata.Evaluator.Reports;

/// <summary>Horizontal bars with whiskers, as SVG.</summary>
internal static class BarPlot
{
    private const int Row = 26;
    private const int Left = 190;
    private const int Width = 640;

    internal readonly record struct Bar(string Name, double Value, double Low, double High);

    /// <summary>Draws bars from zero to the largest value.</summary>
    public static string Draw(IReadOnlyList<Bar> bars)
    {
        var largest = bars.Select(bar => Math.Max(bar.Value, bar.High)).DefaultIfEmpty(0).Max();
        var scale = largest > 0 ? Width / largest : 0;
        var svg = new StringBuilder();
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<svg viewBox=\"0 0 {Left + Width + 70} {(Row * bars.Count) + 4}\" width=\"100%\" role=\"img\">");
        for (var i = 0; i < bars.Count; i++)
        {
            var (bar, y) = (bars[i], Row * i);
            var colour = bar.Name.StartsWith("strata", StringComparison.Ordinal) ? "#2166ac" : "#8aa4bd";
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<text x=\"{Left - 8}\" y=\"{y + 18}\" text-anchor=\"end\">{WebUtility.HtmlEncode(bar.Name)}</text>");
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<rect x=\"{Left}\" y=\"{y + 4}\" width=\"{bar.Value * scale:F1}\" height=\"{Row - 8}\" fill=\"{colour}\"/>");
            if (bar.High > bar.Low)
            {
                svg.Append(
                    CultureInfo.InvariantCulture,
                    $"<path d=\"M{Left + (bar.Low * scale):F1} {y + (Row / 2)}H{Left + (bar.High * scale):F1}\" stroke=\"#1c2530\" "
                        + $"stroke-width=\"1.5\"/>");
            }

            svg.Append(
                CultureInfo.InvariantCulture,
                $"<text x=\"{Left + (Math.Max(bar.Value, bar.High) * scale) + 6:F1}\" y=\"{y + 18}\">{bar.Value:F3}</text>");
        }

        return svg.Append("</svg>").ToString();
    }
}
