using System.Diagnostics.Metrics;
using Strata.Featurizer.Pictures.Core;

namespace Strata.Featurizer.Pictures;

/// <summary>What pictures cost, and which cannot be used.</summary>
public sealed class PicturesMetrics
{
    public const string MeterName = "Strata.Featurizer.Pictures";

    private readonly Histogram<double> _duration;
    private readonly Counter<long> _refused;

    public PicturesMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _duration = meter.CreateHistogram<double>(
            "strata.pictures.duration", "s", "Time to decode and encode one picture, without the wait for its turn.");
        _refused = meter.CreateCounter<long>("strata.pictures.refused", "{picture}", "Pictures that cannot be used, by reason.");
    }

    internal void Encoded(TimeSpan duration) => _duration.Record(duration.TotalSeconds);

    internal void Refused(PictureFault fault) => _refused.Add(1, new KeyValuePair<string, object?>("error.type", fault.Name()));
}
