using Strata.Clustering.Layers;

namespace Strata.Clustering.Moves;

/// <summary>
/// A bounded sample of all points absorbed since the seeding, each with a chance that halves with every half-life of points that came after
/// it: the points with the largest t·ln 2/half-life − ln E, where E = −ln(1 − draw) is exponential (Efraimidis and Spirakis 2006, weights
/// in the logarithm). What is kept is a function of the deltas alone and never comes back once it is gone: a reducer that starts anew reads
/// the deltas from <see cref="From"/> on and has the same sample, so its moves are the same too.
/// </summary>
/// <param name="capacity">Most points kept.</param>
/// <param name="halfLifePoints">Half-life in points; infinite: every point has the same chance.</param>
/// <param name="mean">
/// What is subtracted from raw vectors; points of other dimensions, or without a direction beyond it, are kept and judge nothing.
/// </param>
public sealed class Reservoir(int capacity, double halfLifePoints, ReadOnlyMemory<float> mean)
{
    // Keys are integers, in units of 2^-32: only their differences count, and these are the same from wherever the points are counted.
    private const double Units = 1L << 32;

    private readonly PriorityQueue<Kept, (long Key, long Delta, int Index)> _kept = new();
    private readonly long _unitsPerPoint = (long)Math.Round(Math.Log(2) / halfLifePoints * Units);
    private readonly int _dimensions = mean.Length;

    // Centred points, a row each, written once: epochs come often, and what they look at is large.
    private float[] _rows = [];
    private long _time;

    /// <summary>Offset of the oldest delta that a kept point came with; null when none is kept.</summary>
    public long? From => _kept.Count == 0 ? null : _kept.UnorderedItems.Min(item => item.Element.Delta);

    /// <summary>The points kept, centred. Good until the next <see cref="Add"/>.</summary>
    public CentredPoints Points
        => new(_rows.AsMemory(0, _kept.Count * _dimensions), [.. InOrder.Where(kept => kept.HasDirection).Select(kept => kept.Row)]);

    /// <summary>Those of the points kept that are searches, in the order in which they came.</summary>
    public IReadOnlyList<Sample> Queries => [.. InOrder.Select(kept => kept.Sample).Where(sample => sample.Query.Length > 0)];

    private IEnumerable<Kept> InOrder
        => _kept.UnorderedItems.Select(item => item.Element).OrderBy(kept => kept.Delta).ThenBy(kept => kept.Index);

    /// <summary>Takes the samples of the delta at <paramref name="offset"/> of the deltas' log.</summary>
    public void Add(long offset, LayerDelta delta)
    {
        ArgumentNullException.ThrowIfNull(delta);
        _time += delta.Points * _unitsPerPoint;
        var index = 0;
        foreach (var sample in delta.Entries.SelectMany(entry => entry.Samples))
        {
            var key = (_time - (long)Math.Round(Math.Log(-Math.Log(1 - Sample.DrawOf(sample.Offset))) * Units), offset, index++);
            if (_kept.Count < capacity)
            {
                Keep(sample, key, _kept.Count);
            }
            else if (_kept.TryPeek(out var least, out var leastKey) && key.CompareTo(leastKey) > 0)
            {
                _kept.Dequeue();
                Keep(sample, key, least.Row);
            }
        }
    }

    private void Keep(Sample sample, (long Key, long Delta, int Index) key, int row)
    {
        var at = row * _dimensions;
        if (at == _rows.Length)
        {
            Array.Resize(ref _rows, Math.Min(Math.Max(1, capacity), Math.Max(256, 2 * row)) * _dimensions);
        }

        var hasDirection = sample.Vector.Dimensions == _dimensions && sample.Vector.TryCentre(mean.Span, _rows.AsSpan(at, _dimensions));
        if (!hasDirection)
        {
            _rows.AsSpan(at, _dimensions).Clear();
        }

        _kept.Enqueue(new Kept(key.Delta, key.Index, sample, row, hasDirection), key);
    }

    private readonly record struct Kept(long Delta, int Index, Sample Sample, int Row, bool HasDirection);
}
