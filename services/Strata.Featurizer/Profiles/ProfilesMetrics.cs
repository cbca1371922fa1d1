using System.Diagnostics.Metrics;
using Strata.Featurizer.Profiles.Core;

namespace Strata.Featurizer.Profiles;

internal sealed class ProfilesMetrics
{
    public const string MeterName = "Strata.Featurizer.Profiles";

    private readonly Counter<long> _events;
    private readonly Counter<long> _unknown;
    private readonly Histogram<double> _waits;

    public ProfilesMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _events = meter.CreateCounter<long>("strata.profiles.events", "{event}", "Events by what became of them.");
        _unknown = meter.CreateCounter<long>("strata.profiles.unknown_items", "{item}", "Items that were waited for in vain.");
        _waits = meter.CreateHistogram<double>(
            "strata.profiles.item_wait", "s", "Time that a batch waited for items whose features were not there yet.");
    }

    public void Event(EventOutcome outcome) => _events.Add(1, new KeyValuePair<string, object?>("strata.outcome", outcome switch
    {
        EventOutcome.Absorbed => "absorbed",
        EventOutcome.Duplicate => "duplicate",
        EventOutcome.SentAgain => "sent_again",
        EventOutcome.Forgotten => "forgotten",
        EventOutcome.AggregateOnly => "aggregate_only",
        EventOutcome.HandedOver => "handed_over",
        EventOutcome.TakenOver => "taken_over",
        _ => "held_before",
    }));

    public void Waited(TimeSpan duration, int inVain)
    {
        _waits.Record(duration.TotalSeconds);
        _unknown.Add(inVain);
    }
}
