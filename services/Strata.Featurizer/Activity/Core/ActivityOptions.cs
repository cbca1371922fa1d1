using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Strata.Contracts;

namespace Strata.Featurizer.Activity.Core;

/// <summary>What is learned about items from the order in which users touch them.</summary>
public sealed class ActivityOptions
{
    public const string SectionName = "Featurizer:Activity";

    /// <summary>Consumer group on the deltas.</summary>
    internal const string Group = ConsumerGroups.ActivityGroup;

    /// <summary>
    /// A first touch is a co-visit of the user's last so many items. With 20, chance pairs push the true neighbours out of a list of 50, at
    /// four times the work.
    /// </summary>
    /// <value>The default is 5.</value>
    [Range(1, 64)]
    public int CoVisitWindow { get; set; } = 5;

    /// <summary>
    /// A co-visit with the k-th last item (0: the last) weighs this to the power of k: what lies nearer together belongs together more.
    /// </summary>
    /// <value>The default is 0.7.</value>
    [Range(0.01, 1.0)]
    public double CoVisitDecay { get; set; } = .7;

    /// <summary>A first touch is a transition from each of the user's last so many items.</summary>
    /// <value>The default is 5.</value>
    [Range(1, 64)]
    public int TransitionWindow { get; set; } = 5;

    /// <summary>A transition from the k-th last item (0: the last) weighs this to the power of k, divided by 1 + the days since.</summary>
    /// <value>The default is 0.6.</value>
    [Range(0.01, 1.0)]
    public double TransitionDecay { get; set; } = .6;

    /// <summary>Neighbours kept of an item, co-visits and transitions each; a full list replaces its smallest.</summary>
    /// <value>The default is 50.</value>
    [Range(1, 50)]
    public int Neighbours { get; set; } = 50;

    /// <summary>Half-life of co-visits and of the number of first touches.</summary>
    /// <value>The default is 90 days.</value>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan CoVisitHalfLife { get; set; } = TimeSpan.FromDays(90);

    /// <summary>Half-life of transitions and of their sum.</summary>
    /// <value>The default is 60 days.</value>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan TransitionHalfLife { get; set; } = TimeSpan.FromDays(60);

    /// <summary>Changed items of a partition are published at most this often; in between their changes add up.</summary>
    /// <value>The default is one second.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan PublishInterval { get; set; } = TimeSpan.FromSeconds(1);
}

[OptionsValidator]
internal sealed partial class ActivityOptionsValidator : IValidateOptions<ActivityOptions>;
