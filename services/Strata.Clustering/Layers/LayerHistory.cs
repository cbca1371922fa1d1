using System.Collections.Immutable;

namespace Strata.Clustering.Layers;

/// <summary>What happened to the layers and when: the last <see cref="Limit"/> seedings and moves.</summary>
public sealed class LayerHistory
{
    public const int Limit = 256;

    private readonly ImmutableArray<LayerChange> _changes;

    private LayerHistory(ImmutableArray<LayerChange> changes) => _changes = changes;

    public static LayerHistory Empty { get; } = new([]);

    /// <summary>All changes, the newest last.</summary>
    public IReadOnlyList<LayerChange> Changes => _changes;

    /// <summary>A history of changes as they were published.</summary>
    public static LayerHistory Of(IEnumerable<LayerChange> changes) => new([.. changes]);

    /// <summary>The history with one more change; the oldest falls off.</summary>
    public LayerHistory With(LayerChange change) => new([.. _changes.Skip(_changes.Length + 1 - Limit), change]);
}

/// <param name="Version">Version of the set that it made.</param>
/// <param name="EventTimeUnixMs">Newest event time absorbed by then.</param>
/// <param name="Seeded">Ids of the first and the last layer that were born in a seeding, 0 when none was; null for a move.</param>
/// <param name="Move">The move; null for a seeding.</param>
public sealed record LayerChange(ulong Version, long EventTimeUnixMs, (uint First, uint Last)? Seeded, LayerMove? Move)
{
    /// <summary>Most layers that are named as gone.</summary>
    public const int MostGone = 64;

    /// <summary>Layers that went in a seeding; none when they are more than <see cref="MostGone"/>.</summary>
    public IReadOnlyList<uint> Gone { get; init; } = [];
}
