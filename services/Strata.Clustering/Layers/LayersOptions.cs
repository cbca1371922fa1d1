using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Strata.Clustering.Layers;

/// <summary>How the layers are seeded, how fast they forget and when one moves.</summary>
public sealed class LayersOptions
{
    public const string SectionName = "Clustering:Layers";

    /// <summary>Number of layers, K.</summary>
    /// <value>
    /// Default: none, which means ⌈√N⌉ for a catalogue of N items, at least 4 and at most 1,024: as many layers as items in a layer, so
    /// that a request scans about as many centroids as items of one layer. <c>strata layers tune</c> shows what other numbers would do to a
    /// catalogue.
    /// </value>
    [Range(2, 8192)]
    public int? Layers { get; set; }

    /// <summary>
    /// What an item of the catalogue weighs in its layer, for good. A point of demand weighs min(1, N/D) there, where N is what the layer's
    /// items weigh and D the decayed number of its points: demand moves a layer, but never outweighs its part of the catalogue.
    /// </summary>
    /// <value>Default: 1. 0: a catalogue only seeds, and fades as points do.</value>
    [Range(0, 1e6)]
    public double ItemWeight { get; set; } = 1;

    /// <summary>Points after which half of a layer's sums is left.</summary>
    /// <value>Default: none, which means 20,000, or 200 a layer where that is more.</value>
    [Range(100, 1e15)]
    public double? HalfLifePoints { get; set; }

    /// <summary>Points of an epoch of the set: ages are counted and moves considered by it.</summary>
    /// <value>Default: none, which means 1,024, or 10 a layer where that is more.</value>
    [Range(16, 1_000_000)]
    public int? EpochPoints { get; set; }

    /// <summary>Most layers that move in one epoch.</summary>
    /// <value>Default: 2; 0 switches moves off.</value>
    [Range(0, 16)]
    public int MovesPerEpoch { get; set; } = 2;

    /// <summary>How much larger the gain of a move must be than what is lost with the layer that goes.</summary>
    /// <value>Default: 1.25.</value>
    [Range(1, 100)]
    public double MoveGain { get; set; } = 1.25;

    /// <summary>Epochs that a layer lives before it may go.</summary>
    /// <value>Default: 3.</value>
    [Range(0, 1000)]
    public int MoveAge { get; set; } = 3;

    /// <summary>Sampled points that a layer needs before it may be split.</summary>
    /// <value>Default: 24.</value>
    [Range(4, 10_000)]
    public int MoveMembers { get; set; } = 24;

    /// <summary>Points of the reservoir that moves are judged on.</summary>
    /// <value>
    /// Default: none, which means 8,192, or 16 a layer where that is more, but no more than half the half-life: what no longer comes would
    /// stay in it.
    /// </value>
    [Range(64, 1_000_000)]
    public int? Samples { get; set; }

    /// <summary>
    /// How much of the mean of the catalogue's vectors is subtracted from raw vectors before any comparison: from 0, nothing, to 1, all of
    /// it.
    /// </summary>
    /// <value>Default: 0.7.</value>
    [Range(0, 1)]
    public double Centring { get; set; } = .7;

    /// <summary>Most Lloyd steps of a seeding; it ends before when nothing changes any more.</summary>
    /// <value>Default: 50.</value>
    [Range(0, 1000)]
    public int LloydSteps { get; set; } = 50;

    /// <summary>
    /// Most attempts of a seeding to reassign the layers that are needed least to halves of those that save most by being two.
    /// </summary>
    /// <value>Default: 16; 0 switches them off.</value>
    [Range(0, 1000)]
    public int Reassignments { get; set; } = 16;

    /// <summary>Fewest items that make a layer.</summary>
    public const int LeastItems = 3;

    /// <summary>Number of layers for a catalogue of <paramref name="items"/>.</summary>
    public int LayersFor(int items)
        => Layers ?? Math.Min(Math.Clamp((int)Math.Ceiling(Math.Sqrt(items)), 4, 1024), Math.Max(2, items / LeastItems));

    public double HalfLifeFor(int layers) => HalfLifePoints ?? Math.Max(20_000, 200.0 * layers);

    /// <summary>Points of the reservoir for <paramref name="layers"/> layers.</summary>
    public int SamplesFor(int layers) => Samples ?? (int)Math.Min(Math.Max(8192, 16 * layers), Math.Max(64, .5 * HalfLifeFor(layers)));

    public int EpochFor(int layers) => EpochPoints ?? Math.Max(1024, 10 * layers);
}

[OptionsValidator]
internal sealed partial class LayersOptionsValidator : IValidateOptions<LayersOptions>;
