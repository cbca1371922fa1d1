using Strata.Clustering.Assignment;
using Strata.Streaming.Records;

namespace Strata.Clustering.Points.Core;

/// <summary>
/// The part of a batch that one layer set assigns: it ends where the open epoch will be full, or before a point whose event time lies too
/// far from the epoch's.
/// </summary>
internal sealed class Slice
{
    private readonly float[] _vectors;
    private readonly Nearest[] _nearest;
    private readonly int _dimensions;

    private Slice(List<SliceRecord> records, float[] vectors, PackedLayerSet packed, bool endsByTime)
    {
        Records = records;
        EndsByTime = endsByTime;
        _vectors = vectors;
        _dimensions = packed.Set.Dimensions;
        _nearest = new Nearest[records.Count];
        packed.Assigner.Assign(vectors.AsSpan(0, records.Count * _dimensions), _nearest);
    }

    public IReadOnlyList<SliceRecord> Records { get; }

    /// <summary>Users whose points it has, each once.</summary>
    public IEnumerable<string> UserIds
        => Records.Where(record => record.Point is not null).Select(record => record.Point!.Value.UserId).Distinct(StringComparer.Ordinal);

    /// <summary>Those of them who are to be forgotten.</summary>
    public IReadOnlySet<string> ForgottenIds
        => Records.Where(record => record.Point?.Forgotten is not null).Select(record => record.Point!.Value.UserId)
            .ToHashSet(StringComparer.Ordinal);

    /// <summary>True when the epoch ends here because the next point is too far away in time.</summary>
    public bool EndsByTime { get; }

    /// <summary>
    /// Reads records from <paramref name="start"/> on, for the open epoch or the one that begins at <paramref name="epochFrom"/>. The
    /// vectors lie in <paramref name="buffer"/>, so a slice is good until the next one is read.
    /// </summary>
    public static Slice Read(
        IReadOnlyList<StreamRecord> batch,
        int start,
        PackedLayerSet packed,
        Epoch? open,
        long epochFrom,
        PointsOptions options,
        ref float[] buffer)
    {
        var set = packed.Set;
        var left = options.EpochFor(set.Count) - (open?.Points ?? 0);
        var span = open?.Span ?? EventSpan.Empty;
        var most = Math.Min(left, batch.Count - start);
        var records = new List<SliceRecord>(most);
        if (buffer.Length < most * set.Dimensions)
        {
            buffer = new float[most * set.Dimensions];
        }

        var vectors = buffer;
        for (var i = start; i < batch.Count && records.Count < left; i++)
        {
            var vector = vectors.AsSpan(records.Count * set.Dimensions, set.Dimensions);
            if (!Point.TryRead(batch[i], set, out var point, out var reason))
            {
                vector.Clear();
                records.Add(new SliceRecord(batch[i], null, reason));
                continue;
            }

            if (point.IsOrder)
            {
                vector.Clear();
                records.Add(new SliceRecord(batch[i], point, null));
                continue;
            }

            if (!point.Vector.TryCentre(set.Mean.Span, vector))
            {
                vector.Clear();
                records.Add(new SliceRecord(batch[i], null, "the vector is the mean itself: it has no direction"));
                continue;
            }

            var counts = point.IsNewTo(epochFrom);
            if (counts && !span.With(point.EventTimeUnixMs).FitsIn(options.EpochEventTime))
            {
                return new Slice(records, vectors, packed, endsByTime: true);
            }

            span = counts ? span.With(point.EventTimeUnixMs) : span;
            records.Add(new SliceRecord(batch[i], point, null));
        }

        return new Slice(records, vectors, packed, endsByTime: false);
    }

    /// <summary>The centred unit vector of a point.</summary>
    public ReadOnlySpan<float> Centred(int index) => _vectors.AsSpan(index * _dimensions, _dimensions);

    /// <summary>The layers nearest to a point.</summary>
    public ref readonly Nearest NearestTo(int index) => ref _nearest[index];
}

/// <param name="Source">As it lies in the log.</param>
/// <param name="Point">What it says; null when it can never be handled, or is of another encoder than the layers.</param>
/// <param name="Fault">Why it can never be handled; else null.</param>
internal readonly record struct SliceRecord(StreamRecord Source, Point? Point, string? Fault);

internal readonly record struct EventSpan(long Earliest, long Latest)
{
    public static EventSpan Empty { get; } = new(long.MaxValue, long.MinValue);

    public EventSpan With(long time) => new(Math.Min(Earliest, time), Math.Max(Latest, time));

    public bool FitsIn(TimeSpan limit) => Latest - Earliest <= limit.TotalMilliseconds;
}
