using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Strata.Clustering.Interests.Core;

/// <summary>How a point becomes weights of its user.</summary>
public sealed class InterestsOptions
{
    public const string SectionName = "Clustering:Interests";

    /// <summary>After how much event time half of a long weight is left.</summary>
    /// <value>Default: 30 days.</value>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan LongHalfLife { get; set; } = TimeSpan.FromDays(30);

    /// <summary>After how much event time half of a short weight is left.</summary>
    /// <value>Default: 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:01", "3650.00:00:00")]
    public TimeSpan ShortHalfLife { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Difference of cosines at which a layer gets e times as much of a point as the next.</summary>
    /// <value>Default: 0.1.</value>
    [Range(.001, 10)]
    public double Temperature { get; set; } = .1;

    /// <summary>Users of one partition whose weights stay in memory, those seen last; one and two mean three.</summary>
    /// <value>Default: 20,000; 0: none stay.</value>
    [Range(0, 10_000_000)]
    public int CachedUsers { get; set; } = 20_000;
}

[OptionsValidator]
internal sealed partial class InterestsOptionsValidator : IValidateOptions<InterestsOptions>;
