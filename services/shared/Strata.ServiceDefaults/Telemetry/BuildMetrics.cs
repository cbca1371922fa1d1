using System.Diagnostics.Metrics;

namespace Strata.ServiceDefaults.Telemetry;

/// <summary>Which build runs, as a series that is always 1.</summary>
internal sealed class BuildMetrics
{
    public const string MeterName = "Strata.Build";

    public BuildMetrics(IMeterFactory meters)
        => meters.Create(MeterName).CreateObservableGauge(
            "strata.build.info", One, "{build}", "1 for the build that runs, by version and commit.");

    private static Measurement<int> One() => new(
        1,
        new KeyValuePair<string, object?>("strata.build.version", BuildVersion.Current.Version),
        new KeyValuePair<string, object?>("strata.build.commit", BuildVersion.Current.Commit));
}
