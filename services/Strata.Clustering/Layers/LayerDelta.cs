
namespace Strata.Clustering.Layers;

/// <summary>What one epoch of one partition adds to the layers.</summary>
/// <param name="Partition">Partition of the interest points.</param>
/// <param name="Log">Identity of that partition's log.</param>
/// <param name="From">Offset of the first point absorbed.</param>
/// <param name="To">Offset after the last.</param>
/// <param name="LayerSetVersion">The set that the points were assigned by.</param>
/// <param name="Seeding">Its seeding: sums of another seeding live in another space.</param>
/// <param name="EventTimeUnixMs">Newest event time absorbed.</param>
/// <param name="Entries">One a touched layer, in ascending id.</param>
public sealed record LayerDelta(
    int Partition,
    ulong Log,
    long From,
    long To,
    ulong LayerSetVersion,
    ulong Seeding,
    long EventTimeUnixMs,
    IReadOnlyList<LayerDeltaEntry> Entries)
{
    public long Points => Entries.Sum(entry => entry.Points);

    /// <summary>How users stood when they acted, for the segments; at most one row a user.</summary>
    public IReadOnlyList<UserRow> Rows { get; init; } = [];

    /// <summary>True when every sum has so many components.</summary>
    public bool HasDimensions(int dimensions) => Entries.All(entry => entry.Sum.Length == dimensions);
}

/// <summary>What a delta adds to one layer. Sums are fixed point x · 2^30, so they do not depend on the order of the points.</summary>
/// <param name="Points">n: number of points.</param>
/// <param name="Sum">s: sum of centred unit vectors.</param>
/// <param name="Need">u: Σ (d2² − d1²).</param>
/// <param name="Error">q: Σ d1².</param>
/// <param name="Samples">Those of the points that <see cref="Sample.DrawOf"/> chose, in ascending offset.</param>
public sealed record LayerDeltaEntry(
    uint LayerId,
    long Points,
    ReadOnlyMemory<long> Sum,
    long Need,
    long Error,
    IReadOnlyList<Sample> Samples);

public enum LayerDeltaOutcome
{
    /// <summary>Its sums are in the set.</summary>
    Applied,

    /// <summary>It was there before; nothing changed.</summary>
    Duplicate,

    /// <summary>
    /// It was assigned by an earlier seeding, whose space is another one, or holds points that counted already: only the position moved on.
    /// </summary>
    Foreign,
}

/// <summary>A delta does not follow the last one of its partition: points are missing or would count twice.</summary>
internal sealed class LayerDeltaGapException(string message) : Exception(message);
