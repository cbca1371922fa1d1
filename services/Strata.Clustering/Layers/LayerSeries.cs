using System.Collections.Immutable;

namespace Strata.Clustering.Layers;

/// <summary>
/// Points of a layer by hour of event time, over the last <see cref="Hours"/> hours of its own. What it holds does not depend on the order
/// in which deltas came.
/// </summary>
public sealed class LayerSeries
{
    public const int Hours = 48;

    private const long HourMs = 3_600_000;

    private readonly ImmutableSortedDictionary<long, long> _points;

    private LayerSeries(ImmutableSortedDictionary<long, long> points) => _points = points;

    public static LayerSeries Empty { get; } = new(ImmutableSortedDictionary<long, long>.Empty);

    /// <summary>Points by hour since the Unix epoch, the oldest first; hours without any are left out.</summary>
    public IReadOnlyDictionary<long, long> Points => _points;

    /// <summary>A series of hours as they were published.</summary>
    public static LayerSeries Of(IEnumerable<KeyValuePair<long, long>> points) => new(points.ToImmutableSortedDictionary());

    /// <summary>The series with points of another time.</summary>
    public LayerSeries Add(long eventTimeUnixMs, long points)
    {
        var hour = eventTimeUnixMs / HourMs;
        // An hour that is there pushes none out.
        return _points.TryGetValue(hour, out var before)
            ? new(_points.SetItem(hour, before + points))
            : Plus(new Dictionary<long, long> { [hour] = points });
    }

    /// <summary>The series of two layers that became one.</summary>
    public LayerSeries Plus(LayerSeries other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Plus(other._points);
    }

    /// <summary>A child's share of its parent's series.</summary>
    public LayerSeries Times(double share)
        => new(_points.Select(hour => KeyValuePair.Create(hour.Key, (long)(hour.Value * share)))
            .Where(hour => hour.Value > 0).ToImmutableSortedDictionary());

    private LayerSeries Plus(IReadOnlyDictionary<long, long> other)
    {
        var points = _points.ToBuilder();
        foreach (var (hour, more) in other)
        {
            points[hour] = points.GetValueOrDefault(hour) + more;
        }

        while (points.Count > 0 && points.Keys.First() <= points.Keys.Last() - Hours)
        {
            points.Remove(points.Keys.First());
        }

        return new LayerSeries(points.ToImmutable());
    }
}
