using System.Diagnostics.Metrics;
using Strata.Streaming.Connecting;

namespace Strata.Streaming;

/// <summary>Whether this process hears from its broker.</summary>
internal sealed class BrokerMetrics
{
    public const string MeterName = "Strata.Broker";

    public BrokerMetrics(IMeterFactory meters, IBrokerContact contact)
        => meters.Create(MeterName).CreateObservableGauge(
            "strata.broker.up", () => contact.IsAway ? 0 : 1, "{answer}", "1 while the broker answers this process, else 0.");
}
