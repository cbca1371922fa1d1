using System.Diagnostics.Metrics;

namespace Strata.Console.Tests;

/// <summary>Rows of the page's charts, from what is measured.</summary>
[Trait("height", "unit")]
public sealed class MetricHistoryTests : IDisposable
{
    private readonly Meter _meter = new("Strata.Console.Tests");
    private readonly MetricHistory _history = new(TimeProvider.System);

    public void Dispose()
    {
        _history.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void Cut_OfACounter_IsWhatCameASecondByItsTag()
    {
        var accepted = _meter.CreateCounter<long>("strata.ingestion.accepted");
        accepted.Add(10, new KeyValuePair<string, object?>("kind", "event"));
        accepted.Add(15, new KeyValuePair<string, object?>("kind", "event"));
        _history.Cut();
        accepted.Add(5, new KeyValuePair<string, object?>("kind", "item"));
        _history.Cut();

        var chart = Chart("Taken in");

        Assert.Equal([5, 0], Values(chart, "event"));
        Assert.Equal([null, 1], Values(chart, "item"));
    }

    [Fact]
    public void Cut_OfTimes_IsWhatNineteenInTwentyDoNotExceed()
    {
        var stage = _meter.CreateHistogram<double>("strata.ranking.stage.duration");
        for (var i = 1; i <= 100; i++)
        {
            stage.Record(i, new KeyValuePair<string, object?>("stage", "score"));
        }

        _history.Cut();
        _history.Cut();

        Assert.Equal([95, null], Values(Chart("Slates, by stage: nineteen in twenty within"), "score"));
    }

    [Fact]
    public void Cut_OfAGaugeByPartition_IsTheHighestOfTheConsumer()
    {
        _meter.CreateObservableGauge("strata.stream.lag.age", () => new[] { 3.0, 8.0, 1.0 }.Select(age => new Measurement<double>(
            age, new KeyValuePair<string, object?>("messaging.consumer.group.name", "g"))));

        _history.Cut();

        Assert.Equal([8], Values(Chart("Behind, by consumer"), "g"));
    }

    [Fact]
    public void Cut_OfPropensities_CountsPositionsAndFindsTheMiddle()
    {
        var propensity = _meter.CreateHistogram<double>("strata.ranking.propensity");
        foreach (var value in new[] { .02, .9, .01, .05, .03 })
        {
            propensity.Record(value, new KeyValuePair<string, object?>("filled", value > .5 ? "best" : "explored"));
        }

        _history.Cut();

        Assert.Equal([.8], Values(Chart("Positions shown, by how they were filled"), "explored"));
        Assert.Equal([.02], Values(Chart("Propensities, the middle one"), "explored"));
        Assert.Equal([.9], Values(Chart("Propensities, the middle one"), "best"));
    }

    [Fact]
    public void Cut_OfAChartOfOneTagsValue_LeavesOutTheOthers()
    {
        _meter.CreateObservableGauge("strata.learning.estimate", () => new[] { ("ips", 7d), ("doubly-robust", .4) }.Select(
            estimate => new Measurement<double>(
                estimate.Item2,
                new KeyValuePair<string, object?>("estimator", estimate.Item1),
                new KeyValuePair<string, object?>("policy", "learned"))));

        _history.Cut();

        var chart = Chart("Clicks a slate that a policy would have had, doubly robust");
        Assert.Equal([.4], Values(chart, "learned"));
        Assert.Equal("policy", chart.Page);
        Assert.Equal("now", Chart("Taken in").Page);
    }

    [Fact]
    public void Since_AfterTheLastRow_IsEmpty_AndRowsAreBounded()
    {
        _meter.CreateCounter<long>("strata.ingestion.accepted").Add(1, new KeyValuePair<string, object?>("kind", "event"));
        for (var i = 0; i < MetricHistory.Rows + 3; i++)
        {
            _history.Cut();
        }

        var all = _history.Since(0);

        Assert.Equal(MetricHistory.Rows, all.Times.Count);
        Assert.Equal(MetricHistory.Rows, Values(Chart("Taken in"), "event").Count);
        Assert.Empty(_history.Since(all.Times[^1]).Times);
        Assert.All(_history.Since(all.Times[^1]).Charts.SelectMany(chart => chart.Series), series => Assert.Empty(series.Values));
    }

    private static IReadOnlyList<double?> Values(HistoryChart chart, string series)
        => chart.Series.Single(line => line.Name == series).Values;

    private HistoryChart Chart(string title) => _history.Since(0).Charts.Single(chart => chart.Title == title);
}
