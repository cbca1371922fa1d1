using System.Diagnostics.Metrics;

namespace Strata.ServiceDefaults.Telemetry;

/// <summary>Which build runs, as a series that is always 1.</summary>
internal sealed class BuildMetrics
{
    public const string MeterName = "Strata.Build";

    public BuildMetrics(IMeterFactory meters)
    {
        var build = BuildVersion.Current;
        meters.Create(MeterName).CreateObservableGauge(
            "strata.build.info",
            () => new Measurement<int>(
                1,
                new KeyValuePair<string, object?>("strata.build.version", build.Version),
                new KeyValuePair<string, object?>("strata.build.commit", build.Commit)),
            "{build}",
            "1 for the build that runs, by version and commit.");
    }
}
