using System.Text;
using Strata.Clustering.Assignment;
using Strata.Clustering.Layers;
using Strata.Numerics;

namespace Strata.Clustering.Points.Core;

/// <summary>
/// Adds up one epoch of one partition. What comes out is a function of the set of points, not of their order: sums are integers, and the
/// samples are the points whose offsets hash low.
/// </summary>
/// <param name="set">The set that the points are assigned by, the same for the whole epoch.</param>
public sealed class DeltaAccumulator(LayerSet set)
{
    private readonly Entry?[] _entries = new Entry?[set.Count];

    /// <summary>The set that the points are assigned by.</summary>
    public LayerSet Set { get; } = set;

    /// <summary>Points added.</summary>
    public int Points { get; private set; }

    /// <summary>
    /// About how large the delta is as a message: five bytes a component of a sum (a varint of x · 2^30), one byte a component of a sample.
    /// </summary>
    public int EstimatedBytes { get; private set; }

    /// <summary>Adds a point.</summary>
    /// <param name="nearest">Its nearest layers.</param>
    /// <param name="centred">The centred unit vector.</param>
    /// <param name="raw">The vector as it came.</param>
    /// <param name="offset">Its offset.</param>
    /// <param name="query">What was typed; empty when it is no search.</param>
    public void Add(in Nearest nearest, ReadOnlySpan<float> centred, Int8Vector raw, long offset, string query = "")
    {
        var entry = _entries[nearest.First];
        if (entry is null)
        {
            _entries[nearest.First] = entry = new Entry(Set.Dimensions);
            EstimatedBytes += 5 * Set.Dimensions;
        }

        entry.Points++;
        FixedPoint.Add(entry.Sum, centred);
        entry.Need += FixedPoint.From(nearest.Need);
        entry.Error += FixedPoint.From(nearest.Error);
        if (Sample.DrawOf(offset) < Set.SampleShare)
        {
            entry.Samples.Add(new Sample(offset, raw, query));
            EstimatedBytes += raw.Dimensions + sizeof(long) + Encoding.UTF8.GetByteCount(query);
        }

        Points++;
    }

    /// <summary>The epoch's delta. Nothing may be added afterwards.</summary>
    public LayerDelta ToDelta(int partition, ulong log, long from, long to, long eventTimeUnixMs)
    {
        var entries = new List<LayerDeltaEntry>();
        for (var i = 0; i < _entries.Length; i++)
        {
            if (_entries[i] is { } entry)
            {
                entry.Samples.Sort(static (a, b) => a.Offset.CompareTo(b.Offset));
                entries.Add(new LayerDeltaEntry(Set.Layers[i].Id, entry.Points, entry.Sum, entry.Need, entry.Error, entry.Samples));
            }
        }

        return new LayerDelta(partition, log, from, to, Set.Version, Set.Seeding, eventTimeUnixMs, entries);
    }

    private sealed class Entry(int dimensions)
    {
        public long Points { get; set; }

        public long[] Sum { get; } = new long[dimensions];

        public long Need { get; set; }

        public long Error { get; set; }

        public List<Sample> Samples { get; } = [];
    }
}
