using System.Diagnostics.Metrics;

namespace Strata.Console.Tests;

/// <summary>The table of how far consumers are behind, from what is measured.</summary>
[Trait("height", "unit")]
public sealed class PartitionLagsTests : IDisposable
{
    private readonly Meter _meter = new("Strata.Console.Tests.Lags");
    private readonly PartitionLags _lags = new();

    public void Dispose()
    {
        _lags.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void Read_TwoGauges_AreARowAPartitionAndOneThatWasTakenAwayIsGone()
    {
        (int Partition, long Records, double Seconds)[] owned = [(1, 7, 2.5), (0, 0, 0)];
        _meter.CreateObservableGauge(
            "strata.stream.lag", () => owned.Select(one => new Measurement<long>(one.Records, Tags(one.Partition))));
        _meter.CreateObservableGauge(
            "strata.stream.lag.age", () => owned.Select(one => new Measurement<double>(one.Seconds, Tags(one.Partition))));

        var both = _lags.Read();
        owned = [(1, 9, 3)];
        var one = _lags.Read();

        Assert.Equal([new PartitionLag("g", "t", 0, 0, 0), new PartitionLag("g", "t", 1, 7, 2.5)], both);
        Assert.Equal([new PartitionLag("g", "t", 1, 9, 3)], one);
    }

    private static KeyValuePair<string, object?>[] Tags(int partition)
        =>
        [
            new("messaging.consumer.group.name", "g"),
            new("messaging.destination.name", "t"),
            new("messaging.destination.partition.id", partition),
        ];
}
