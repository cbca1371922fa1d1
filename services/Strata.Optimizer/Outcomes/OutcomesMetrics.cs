using System.Diagnostics.Metrics;
using Strata.Optimizer.Outcomes.Core;

namespace Strata.Optimizer.Outcomes;

internal sealed class OutcomesMetrics
{
    private readonly Counter<long> _impressions;
    private readonly Counter<long> _early;
    private readonly Counter<long> _unmatched;
    private readonly Counter<long> _late;
    private readonly Counter<long> _unreadable;
    private readonly Counter<long> _shown;
    private readonly Counter<long> _chosen;

    public OutcomesMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Strata.Optimizer.Outcomes");
        _impressions = meter.CreateCounter<long>(
            "strata.outcomes.impressions",
            "{impression}",
            "Impressions by what became of them: waiting, duplicate, crowded, refused, chosen or ignored.");
        _early = meter.CreateCounter<long>(
            "strata.outcomes.early", "{impression}", "Impressions resolved before their time because memory was short.");
        _unmatched = meter.CreateCounter<long>(
            "strata.outcomes.unmatched", "{event}", "Events that name a slate and neither found it in time nor corrected it later.");
        _late = meter.CreateCounter<long>(
            "strata.outcomes.late", "{event}", "Choices that came after their slate was settled, and corrected what was learned of it.");
        _unreadable = meter.CreateCounter<long>(
            "strata.outcomes.unreadable", "{event}", "Records of the event log that are no events; the Featurizer dead-letters them.");
        _shown = meter.CreateCounter<long>("strata.outcomes.shown", "{item}", "Items shown in resolved impressions.");
        _chosen = meter.CreateCounter<long>("strata.outcomes.chosen", "{item}", "Items chosen in resolved impressions.");
    }

    public void Admitted(Admission admission) => Impression(admission switch
    {
        Admission.Waiting => "waiting",
        Admission.Duplicate => "duplicate",
        _ => "crowded",
    });

    public void Refused() => Impression("refused");

    public void Resolved(ResolvedImpression resolved)
    {
        Impression(resolved.Chosen.Count > 0 ? "chosen" : "ignored");
        _shown.Add(resolved.Impression.Shown.Count);
        _chosen.Add(resolved.Chosen.Count);
    }

    public void Early(long count) => _early.Add(count);

    public void Late(long corrected, long unmatched)
    {
        _late.Add(corrected);
        _unmatched.Add(unmatched);
    }

    public void Unreadable() => _unreadable.Add(1);

    private void Impression(string result) => _impressions.Add(1, new KeyValuePair<string, object?>("result", result));
}
