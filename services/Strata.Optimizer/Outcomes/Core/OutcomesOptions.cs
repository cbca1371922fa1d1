using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Strata.Optimizer.Outcomes.Core;

/// <summary>
/// How impressions are joined with what the user did. The group's lag on both topics is about <see cref="Window"/>, because an impression
/// is committed only when it is resolved: don't scale on it.
/// </summary>
public sealed class OutcomesOptions
{
    public const string SectionName = "Optimizer:Outcomes";

    /// <summary>
    /// An event that carries the slate's request id counts up to so long after the slate was served, by the events' times or by the
    /// server's clock.
    /// </summary>
    /// <value>30 minutes</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// An event without request id on a shown item counts for the newest slate that showed it, up to so long after (event time). At most
    /// <see cref="Window"/>; 0: never.
    /// </summary>
    /// <value>10 minutes</value>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan ImplicitWindow { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// An event that carries the slate's request id and comes after <see cref="Window"/> corrects what was learned of the item as not
    /// chosen, up to so long after the slate was served; experiments count by <see cref="Window"/> alone. 0: never.
    /// </summary>
    /// <value>1 day</value>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan LateWindow { get; set; } = TimeSpan.FromDays(1);

    /// <summary>
    /// Settled slates of a user (about 20 bytes each) that such an event is looked for in, the last ones; the slate itself is read from
    /// its log.
    /// </summary>
    /// <value>8</value>
    [Range(0, 64)]
    public int LateSlates { get; set; } = 8;

    /// <summary>
    /// How much later than the window's end, by the newest event time of the partition, an impression is resolved: events are read a little
    /// out of order. By the wall clock it is resolved as much after it was read, whatever the events' time does, so that a quiet partition
    /// is resolved too. Events later than that are lost to the slate.
    /// </summary>
    /// <value>1 minute</value>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan Lateness { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long, by the wall clock, an event waits for its impression to be read: the two logs are read side by side and one may be ahead.
    /// </summary>
    /// <value>2 minutes</value>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan EventHold { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Unresolved impressions kept of one partition (about 2 KiB each); past that the oldest are resolved early.</summary>
    /// <value>10000</value>
    [Range(1, 10_000_000)]
    public int MaxImpressions { get; set; } = 10_000;

    /// <summary>Unresolved impressions of one user; further ones are not learned from, because nobody looks at so many.</summary>
    /// <value>200</value>
    [Range(1, 100_000)]
    public int MaxPerUser { get; set; } = 200;

    /// <summary>
    /// Events kept of one partition (about 300 bytes each); past that the oldest impressions are resolved early, and what no impression
    /// claims is let go.
    /// </summary>
    /// <value>20000</value>
    [Range(1, 10_000_000)]
    public int MaxEvents { get; set; } = 20_000;

    /// <summary>
    /// Largest weight of a step: the inverse of a position's propensity is cut here, which trades a little bias for a bounded variance.
    /// </summary>
    /// <value>10</value>
    [Range(1, 1000)]
    public double MaxWeight { get; set; } = 10;

    /// <summary>Half-life, in event time, of a user's counts per layer.</summary>
    /// <value>30 days</value>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan HalfLife { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// Half-life, in event time, of how often a user was shown an item without choosing it. Ranking lets such items sink
    /// (Ranking:Scoring:FatigueMost).
    /// </summary>
    /// <value>7 days</value>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan FatigueHalfLife { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// Items of a user of which that is counted (about 30 bytes each); of more those with the largest counts. 0: none is counted.
    /// </summary>
    /// <value>64</value>
    [Range(0, 1_024)]
    public int FatigueItems { get; set; } = 64;
}

[OptionsValidator]
internal sealed partial class OutcomesOptionsValidator : IValidateOptions<OutcomesOptions>;

/// <summary>What annotations cannot say: the windows must fit each other.</summary>
internal sealed class OutcomesWindowsValidator : IValidateOptions<OutcomesOptions>
{
    public ValidateOptionsResult Validate(string? name, OutcomesOptions options)
        => options.ImplicitWindow > options.Window
            ? ValidateOptionsResult.Fail(
                $"{OutcomesOptions.SectionName}: ImplicitWindow ({options.ImplicitWindow}) is longer than Window ({options.Window}).")
            : ValidateOptionsResult.Success;
}
