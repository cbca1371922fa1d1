using Strata.Clustering.Assignment;
using Strata.Clustering.Interests.Core;
using Strata.Clustering.Layers;

namespace Strata.Clustering.Points.Core;

/// <summary>Why an epoch was cut.</summary>
internal enum Cut
{
    /// <summary>It was full.</summary>
    Points,

    /// <summary>Its event time was up.</summary>
    EventTime,

    /// <summary>Its delta was about to become too large for a message.</summary>
    Bytes,

    /// <summary>It had been open for long enough.</summary>
    Linger,

    /// <summary>The partition was given up.</summary>
    Drain,
}

/// <summary>
/// The open epoch of one partition. Where it is cut by points, event time or bytes depends on the log only; all its points are assigned by
/// one layer set.
/// </summary>
/// <param name="from">Offset at which it begins.</param>
/// <param name="openedAt">Time stamp at which it was opened.</param>
internal sealed class Epoch(PackedLayerSet packed, long from, long openedAt, PointsOptions options)
{
    private readonly int _limit = options.EpochFor(packed.Set.Count);
    private readonly DeltaAccumulator _accumulator = new(packed.Set);
    private readonly UserRows _rows = new();

    public PackedLayerSet Packed { get; } = packed;

    public long From { get; } = from;

    public long OpenedAt { get; } = openedAt;

    /// <summary>Offset after the last record that belongs to it.</summary>
    public long To { get; private set; } = from;

    public int Points => _accumulator.Points;

    public EventSpan Span { get; private set; } = EventSpan.Empty;

    public void Add(in Point point, ReadOnlySpan<float> centred, in Nearest nearest)
    {
        _accumulator.Add(nearest, centred, point.Vector, point.Offset, point.Query);
        Span = Span.With(point.EventTimeUnixMs);
    }

    /// <summary>Takes how a user stands behind a point of theirs that was added.</summary>
    public void AddRow(in Point point, UserWeights weights) => _rows.Add(point, weights);

    /// <summary>Lets go what it has of a user who is forgotten, or goes on under another name.</summary>
    public void DropRow(string userId) => _rows.Drop(userId);

    /// <summary>While it has no points another set may assign them: the newest, however long nobody's points have counted.</summary>
    public Epoch By(PackedLayerSet packed) => packed == Packed ? this : new Epoch(packed, From, OpenedAt, options) { To = To };

    /// <summary>Says that everything below <paramref name="next"/> belongs to it, points or not.</summary>
    public void Reach(long next) => To = Math.Max(To, next);

    /// <summary>Why it is full; null while it is not.</summary>
    public Cut? Full
        => Points >= _limit ? Cut.Points
            : _accumulator.EstimatedBytes + _rows.EstimatedBytes >= options.DeltaBytes ? Cut.Bytes
            : null;

    public LayerDelta ToDelta(int partition, ulong log)
        => _accumulator.ToDelta(partition, log, From, To, Points > 0 ? Span.Latest : 0) with { Rows = _rows.All };
}
