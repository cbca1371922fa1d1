using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Strata.Clustering.Layers;

namespace Strata.Clustering.Reducer.Core;

/// <summary>How users are put into segments.</summary>
public sealed class SegmentsOptions
{
    public const string SectionName = "Clustering:Segments";

    /// <summary>Most segments: they are published in one message, and their words are for people.</summary>
    public const int Most = 32;

    // Rows that moves are judged on: they are read again at a start, so no more than it takes.
    private const int SamplesOf = 1024;

    /// <summary>Number of segments.</summary>
    /// <value>Default: none, which means ⌈√K⌉ for K layers, at least 3 and at most 32.</value>
    [Range(2, Most)]
    public int? Segments { get; set; }

    /// <summary>Users whose rows make the first segments.</summary>
    /// <value>Default: 100.</value>
    [Range(2, 1_000_000)]
    public int LeastUsers { get; set; } = 100;

    /// <summary>Rows after which half of a segment's sums is left.</summary>
    /// <value>Default: 20,000.</value>
    [Range(100, 1e15)]
    public double HalfLifeRows { get; set; } = 20_000;

    /// <summary>How often changed segments are published.</summary>
    /// <value>Default: 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan PublishEvery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Options of the K-means that makes segments among so many layers. No catalogue holds them, and rows are centred already.
    /// </summary>
    internal LayersOptions KMeansFor(int layers) => new()
    {
        Layers = Segments ?? Math.Clamp((int)Math.Ceiling(Math.Sqrt(layers)), 3, Most),
        ItemWeight = 0,
        Centring = 0,
        HalfLifePoints = HalfLifeRows,
        Samples = SamplesOf,
        MovesPerEpoch = 1,
    };
}

[OptionsValidator]
internal sealed partial class SegmentsOptionsValidator : IValidateOptions<SegmentsOptions>;
