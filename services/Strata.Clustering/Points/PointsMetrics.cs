using System.Diagnostics.Metrics;
using Strata.Clustering.Points.Core;
using Strata.ServiceDefaults.Telemetry;

namespace Strata.Clustering.Points;

internal sealed class PointsMetrics
{
    private readonly Counter<long> _points;
    private readonly Counter<long> _counted;
    private readonly Counter<long> _epochs;
    private readonly Counter<long> _users;
    private readonly Histogram<double> _waits;

    public PointsMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Strata.Clustering.Points");
        _points = meter.CreateCounter<long>(
            "strata.points.handled",
            "{point}",
            "Interest points by what became of them: weighed, held (read again, the weights were there), dead, foreign (of another "
                + "encoder than the layers).");
        _counted = meter.CreateCounter<long>(
            "strata.points.counted", "{point}", "Interest points that go into a delta: no dismissals, none for their user only.");
        _epochs = meter.CreateCounter<long>("strata.points.epochs", "{epoch}", "Epochs by why they were cut.");
        _users = meter.CreateCounter<long>("strata.points.users.written", "{user}", "Users whose weights were written.");
        _waits = meter.CreateHistogram<double>(
            "strata.points.wait.duration", "s", "Time that a partition waited for a layer set, or for a newer one.");
    }

    public void Weighed(int count) => Count("weighed", count);

    public void Held(int count) => Count("held", count);

    public void Dead(int count) => Count("dead", count);

    public void Foreign(int count) => Count("foreign", count);

    public void Counted() => _counted.Add(1);

    public void Epoch(Cut cut) => _epochs.Add(1, new KeyValuePair<string, object?>("cut", TagText.Of(cut)));

    public void Users(int count) => _users.Add(count);

    public void Waited(TimeSpan duration) => _waits.Record(duration.TotalSeconds);

    private void Count(string result, int count)
    {
        if (count > 0)
        {
            _points.Add(count, new KeyValuePair<string, object?>("result", result));
        }
    }
}
