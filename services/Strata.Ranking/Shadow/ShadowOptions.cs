using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Strata.Ranking.Shadow;

/// <summary>Which organic positives are scored as shadow slates.</summary>
public sealed class ShadowOptions
{
    public const string SectionName = "Ranking:Shadow";

    /// <summary>
    /// Shadow slates a second that this process makes at most, on average; the share of events taken follows from how many arrive. 0:
    /// none.
    /// </summary>
    /// <value>50</value>
    [Range(0, 100_000)]
    public double TargetPerSecond { get; set; } = 50;

    /// <summary>Largest share of the organic positives that is taken, 0 to 1.</summary>
    /// <value>1</value>
    [Range(0, 1)]
    public double MaxShare { get; set; } = 1;

    /// <summary>
    /// Events of a partition by which this consumer may run ahead of the activity. Reading is quicker than featurising: in a burst,
    /// examples from a state that lags by minutes would teach what served nobody. About a batch, so that events are still seen before
    /// they are absorbed.
    /// </summary>
    /// <value>500</value>
    [Range(1, 1_000_000)]
    public int MaxAhead { get; set; } = 500;

    /// <summary>How long an event waits for the activity to come near. Beyond it the event is dropped and counted.</summary>
    /// <value>5 seconds</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Learns from items that the user had before, too, against lists in which such items compete; only where the profile can be rolled
    /// back exactly.
    /// </summary>
    /// <value>false</value>
    public bool Repeats { get; set; }
}

[OptionsValidator]
internal sealed partial class ShadowOptionsValidator : IValidateOptions<ShadowOptions>;
