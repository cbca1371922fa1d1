using System.Diagnostics.Metrics;
using Strata.ServiceDefaults.Telemetry;

namespace Strata.Ranking.Shadow;

/// <summary>What became of organic positives.</summary>
internal enum ShadowResult
{
    Sent,

    /// <summary>The sampler left it out.</summary>
    NotSampled,

    /// <summary>The activity in memory knows the event, or may know it.</summary>
    Absorbed,

    /// <summary>The activity did not come near the event in time.</summary>
    FarAhead,

    /// <summary>The profile comes from another event log: its offsets say nothing.</summary>
    OtherLog,

    /// <summary>What the store holds of the user cannot be used.</summary>
    Unreadable,

    /// <summary>The profile could not be rolled back exactly.</summary>
    Inexact,

    /// <summary>The event is a producer's repetition.</summary>
    Repetition,

    /// <summary>The user had the item before, and repeats are not learned.</summary>
    Repeat,

    NoCandidates,
}

internal sealed class ShadowMetrics
{
    private readonly Counter<long> _positives;

    public ShadowMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Strata.Ranking.Shadow");
        _positives = meter.CreateCounter<long>("strata.ranking.shadow.positives", "{event}", "Organic positives by what became of them.");
    }

    public void Count(ShadowResult result) => _positives.Add(1, new KeyValuePair<string, object?>("result", TagText.Of(result)));
}
