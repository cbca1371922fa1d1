using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Strata.Clustering.Points.Core;

/// <summary>How interest points are gathered into epochs and users' weights are kept.</summary>
public sealed class PointsOptions
{
    public const string SectionName = "Clustering:Points";

    /// <summary>Points after which an epoch of a partition is cut.</summary>
    /// <value>
    /// Default: none, which means 512, or 8 a layer where that is more: a delta costs by the layers that it touches, so many layers want
    /// many points in one.
    /// </value>
    [Range(1, 100_000)]
    public int? EpochPoints { get; set; }

    /// <summary>Event time that an epoch spans at most.</summary>
    /// <value>Default: 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan EpochEventTime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long an epoch that is not full stays open.</summary>
    /// <value>Default: 1 second.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan Linger { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>About how many bytes a delta may have; must stay below the broker's largest message.</summary>
    /// <value>Default: 900,000.</value>
    [Range(10_000, 100_000_000)]
    public int DeltaBytes { get; set; } = 900_000;

    /// <summary>
    /// Epochs of one partition that may be under way to the reducer, each a version that the worker's set is behind: beyond that the worker
    /// waits for a newer set.
    /// </summary>
    /// <value>Default: 4.</value>
    [Range(1, 1000)]
    public int StaleEpochs { get; set; } = 4;

    /// <summary>Points of an epoch for <paramref name="layers"/> layers.</summary>
    public int EpochFor(int layers) => EpochPoints ?? Math.Max(512, 8 * layers);
}

[OptionsValidator]
internal sealed partial class PointsOptionsValidator : IValidateOptions<PointsOptions>;
