using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Strata.ServiceDefaults.State;

/// <summary>What is wrong with the store's values, and spans around writes of them.</summary>
internal sealed class StateMetrics(IMeterFactory meters)
{
    public const string MeterName = "Strata.State";

    private static readonly ActivitySource Source = new(MeterName);

    private readonly Counter<long> _setAside = meters.Create(MeterName).CreateCounter<long>(
        "strata.state.set_aside", "{value}", "Values that could not be used and lie under quarantine:*, by what they are.");

    /// <summary>A span around what is written together, by OpenTelemetry's conventions for databases; null while nobody listens.</summary>
    public static Activity? StartWrite(int values)
        => Source.StartActivity("write", ActivityKind.Client)?.SetTag("db.system.name", "redis").SetTag("db.operation.name", "write")
            .SetTag("db.operation.batch.size", values);

    public void SetAside(string kind) => _setAside.Add(1, new KeyValuePair<string, object?>("strata.state.kind", kind));
}
