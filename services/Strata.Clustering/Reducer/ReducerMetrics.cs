using System.Diagnostics.Metrics;
using Strata.Clustering.Layers;
using Strata.ServiceDefaults.Telemetry;

namespace Strata.Clustering.Reducer;

internal sealed class ReducerMetrics
{
    private readonly Counter<long> _deltas;
    private readonly Counter<long> _points;
    private readonly Counter<long> _moves;
    private readonly Counter<long> _seedings;
    private readonly Counter<long> _published;
    private readonly Histogram<double> _naming;
    private long _version;
    private long _layers;
    private long _segments;
    private double _users;

    public ReducerMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Strata.Clustering.Reducer");
        _deltas = meter.CreateCounter<long>("strata.layers.deltas", "{delta}", "Layer deltas by what became of them.");
        _points = meter.CreateCounter<long>("strata.layers.points", "{point}", "Interest points absorbed by the layers.");
        _moves = meter.CreateCounter<long>("strata.layers.moves", "{move}", "Layers that went so that another could split.");
        _seedings = meter.CreateCounter<long>("strata.layers.seedings", "{seeding}", "Seedings of the layer set.");
        _published = meter.CreateCounter<long>("strata.layers.published", "{layer}", "Layers published.");
        _naming = meter.CreateHistogram<double>("strata.layers.naming.duration", "s", "Time to name all layers.");
        meter.CreateObservableGauge(
            "strata.layers.version", () => Interlocked.Read(ref _version), "{version}", "Version of the layer set last published here.");
        meter.CreateObservableGauge(
            "strata.layers.count", () => Interlocked.Read(ref _layers), "{layer}", "Layers of the set last published here.");
        meter.CreateObservableGauge(
            "strata.segments.count", () => Interlocked.Read(ref _segments), "{segment}", "Segments of users last published here.");
        meter.CreateObservableGauge(
            "strata.segments.users", () => Volatile.Read(ref _users), "{user}", "Users of late behind the segments last published here.");
    }

    public void Delta(LayerDeltaOutcome outcome, long points)
    {
        _deltas.Add(1, new KeyValuePair<string, object?>("outcome", TagText.Of(outcome)));
        _points.Add(outcome == LayerDeltaOutcome.Applied ? points : 0);
    }

    public void Moves(int count) => _moves.Add(count);

    public void Seeding() => _seedings.Add(1);

    public void Naming(TimeSpan duration) => _naming.Record(duration.TotalSeconds);

    public void Segments(int segments, double users)
    {
        Interlocked.Exchange(ref _segments, segments);
        Volatile.Write(ref _users, users);
    }

    public void Published(LayerSet set, int layers)
    {
        _published.Add(layers);
        Interlocked.Exchange(ref _version, (long)set.Version);
        Interlocked.Exchange(ref _layers, set.Count);
    }
}
