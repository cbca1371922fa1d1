using System.Xml.Linq;
using Strata.Evaluator.Reports;

namespace Strata.Evaluator.Tests.Replays;

[Trait("height", "unit")]
public sealed class RankingPageTests
{
    [Fact]
    public void BarPlot_OfNamesWithMarkup_IsWellFormed()
    {
        var svg = XElement.Parse(BarPlot.Draw([new BarPlot.Bar("a<b>&", 0.5, 0.4, 0.6), new BarPlot.Bar("strata", 1, 1, 1)]));

        Assert.Equal(
            ["a<b>&", "strata"],
            svg.Elements("text").Where(text => text.Attribute("text-anchor") is not null).Select(text => text.Value));
        Assert.Equal(2, svg.Elements("rect").Count());
        Assert.Single(svg.Elements("path"));
    }

    [Fact]
    public void Json_OfAMethod_HasTheAgreedNames()
    {
        var json = ReportJson.ToText(new SourceReport("layers", 0.25, 1.5));

        Assert.Contains("\"name\": \"layers\"", json, StringComparison.Ordinal);
        Assert.Contains("\"hr20\": 0.25", json, StringComparison.Ordinal);
        Assert.Contains("\"to_centroid\": 1.5", json, StringComparison.Ordinal);
    }
}
