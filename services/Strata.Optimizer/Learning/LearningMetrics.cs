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

    public LearningMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Strata.Optimizer.Learning");
        _examples = meter.CreateCounter<long>(
            "strata.learning.examples", "{example}", "Training examples by origin and by what became of them.");
        _policies = meter.CreateCounter<long>("strata.learning.policies", "{policy}", "Policies published.");
        _tests = meter.CreateCounter<long>("strata.learning.tests", "{example}", "Organic positives ranked before they were learned.");
        _hits = meter.CreateCounter<long>("strata.learning.hits", "{example}", "Those among them that the model had among its first 20.");
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
}
