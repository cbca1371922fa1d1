using System.Diagnostics.Metrics;

namespace Strata.ServiceDefaults.Redis;

/// <summary>Whether this process's store takes what it is given.</summary>
internal sealed class StoreMetrics
{
    public const string MeterName = "Strata.Store";

    public StoreMetrics(IMeterFactory meters, StoreContact contact)
        => meters.Create(MeterName).CreateObservableGauge(
            "strata.store.up",
            () => contact.TakesWrites ? 1 : 0,
            "{answer}",
            "1 while the store answers this process and takes writes, else 0.");
}
