using System.Diagnostics.Metrics;

namespace Strata.ServiceDefaults.State;

/// <summary>What is wrong with the store's values.</summary>
internal sealed class StateMetrics(IMeterFactory meters)
{
    public const string MeterName = "Strata.State";

    private readonly Counter<long> _setAside = meters.Create(MeterName).CreateCounter<long>(
        "strata.state.set_aside", "{value}", "Values that could not be used and lie under quarantine:*, by what they are.");

    public void SetAside(string kind) => _setAside.Add(1, new KeyValuePair<string, object?>("strata.state.kind", kind));
}
