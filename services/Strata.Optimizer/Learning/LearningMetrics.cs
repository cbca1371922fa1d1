using System.Diagnostics.Metrics;
using Strata.Contracts.Ranking.V1;
using Strata.Optimizer.Learning.Core;
using Strata.ServiceDefaults.Telemetry;

namespace Strata.Optimizer.Learning;

/// <summary>What the learner counts. Hits are prequential: each organic positive is ranked before it is learned.</summary>
internal sealed class LearningMetrics
{
    private const int Depth = 20;

    private readonly Counter<long> _examples;
    private readonly Counter<long> _policies;
    private readonly Counter<long> _tests;
    private readonly Counter<long> _hits;
    private readonly Counter<long> _held;
    private volatile Judgement _judgement = Judgement.None;

    public LearningMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Strata.Optimizer.Learning");
        _examples = meter.CreateCounter<long>(
            "strata.learning.examples", "{example}", "Training examples by origin and by what became of them.");
        _policies = meter.CreateCounter<long>("strata.learning.policies", "{policy}", "Policies published.");
        _tests = meter.CreateCounter<long>("strata.learning.tests", "{example}", "Organic positives ranked before they were learned.");
        _hits = meter.CreateCounter<long>("strata.learning.hits", "{example}", "Those among them that the model had among its first 20.");
        _held = meter.CreateCounter<long>(
            "strata.learning.held", "{policy}", "Policies not published because their estimate lies below that of the one in force.");
        _held.Add(0);
        meter.CreateObservableGauge(
            "strata.learning.estimate",
            Estimates,
            "{item}",
            "Clicks a slate that a policy would have had, by estimator (ips, snips, doubly-robust) and policy (learned, published).");
        meter.CreateObservableGauge(
            "strata.learning.effective",
            () => _judgement.Learned.EffectiveSlates,
            "{slate}",
            "Slates of equal weight that would tell as much of what was learned as those that were shown.");
    }

    /// <summary>What was learned was compared with what is in force.</summary>
    public void Judged(Judgement judgement)
    {
        _judgement = judgement;
        if (judgement.IsHeld)
        {
            _held.Add(1);
        }
    }

    public void Example(TrainingExample.Types.Origin origin, Learned learned)
        => _examples.Add(
            1,
            new KeyValuePair<string, object?>("origin", TagText.Of(origin)),
            new KeyValuePair<string, object?>("result", TagText.Of(learned)));

    public void Test(int rank)
    {
        _tests.Add(1);
        if (rank is >= 0 and < Depth)
        {
            _hits.Add(1);
        }
    }

    public void Policy() => _policies.Add(1);

    private IEnumerable<Measurement<double>> Estimates()
    {
        var judgement = _judgement;
        foreach (var (policy, estimate) in new[] { ("learned", judgement.Learned), ("published", judgement.Published) })
        {
            if (estimate.Slates > 0)
            {
                yield return Of("ips", estimate.Ips);
                yield return Of("snips", estimate.Snips);
                yield return Of("doubly-robust", estimate.DoublyRobust);
            }

            Measurement<double> Of(string estimator, double value) => new(
                value,
                new KeyValuePair<string, object?>("estimator", estimator),
                new KeyValuePair<string, object?>("policy", policy));
        }
    }
}
