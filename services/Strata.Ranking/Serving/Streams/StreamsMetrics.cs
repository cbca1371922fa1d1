using System.Diagnostics.Metrics;

namespace Strata.Ranking.Serving.Streams;

internal sealed class StreamsMetrics
{
    private readonly Counter<long> _slates;

    public StreamsMetrics(IMeterFactory meters, StreamSeats seats)
    {
        var meter = meters.Create("Strata.Ranking.Streams");
        meter.CreateObservableGauge("strata.ranking.streams", () => seats.Taken, "{stream}", "Streams of slates that run.");
        _slates = meter.CreateCounter<long>("strata.ranking.streams.slates", "{slate}", "Slates that streams sent.");
    }

    public void Sent() => _slates.Add(1);
}
