using Strata.Contracts.Layers.V1;
using Strata.Ranking.Index.Layers;

namespace Strata.Ranking.Browse.Core;

/// <summary>Layers over the hours of event time. Pure.</summary>
public sealed class LayerTrends
{
    private const long HourMs = 3_600_000;
    private const int Window = 24;
    private const int Hours = 48;

    private readonly LayerView _layers;
    private readonly Dictionary<long, ulong> _all;
    private readonly long _newest;
    private readonly long _oldest;

    /// <summary>Adds up the layers of a set.</summary>
    public LayerTrends(LayerView layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        _layers = layers;
        _all = Enumerable.Range(0, layers.Count).SelectMany(slot => layers[slot]!.Series)
            .GroupBy(hour => hour.Hour_)
            .ToDictionary(hours => hours.Key, hours => hours.Aggregate(0UL, (sum, hour) => sum + hour.Points));
        _newest = _all.Keys.DefaultIfEmpty().Max();
        _oldest = Math.Max(_all.Keys.DefaultIfEmpty().Min(), _newest - Hours + 1);
    }

    /// <summary>
    /// log2 of a layer's share in the newest 24 hours over that in the 24 before, or in the two halves of what there is when that is
    /// less. Each side counts as if every layer had one point more; 0 within the first hour.
    /// </summary>
    public double TrendOf(Layer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        var window = Math.Min(Window, (int)(_newest - _oldest + 1) / 2);
        return window == 0 ? 0 : Math.Log2(Share(layer, _newest - window + 1, window) / Share(layer, _newest - (2 * window) + 1, window));
    }

    /// <summary>
    /// Points of a layer from its first hour with points to the newest of the set, with their share of all layers' points.
    /// </summary>
    public IEnumerable<GetLayerSeriesResponse.Types.Hour> SeriesOf(Layer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        var points = layer.Series.ToDictionary(hour => hour.Hour_, hour => hour.Points);
        for (var hour = Math.Max(_oldest, points.Keys.DefaultIfEmpty(_newest + 1).Min()); hour <= _newest; hour++)
        {
            var (own, all) = (points.GetValueOrDefault(hour), _all.GetValueOrDefault(hour));
            var share = all > 0 ? (double)own / all : 0;
            yield return new GetLayerSeriesResponse.Types.Hour { StartUnixMs = hour * HourMs, Points = own, Share = share };
        }
    }

    private double Share(Layer layer, long from, int hours)
    {
        var own = layer.Series.Where(hour => hour.Hour_ >= from && hour.Hour_ < from + hours).Sum(hour => (double)hour.Points);
        var all = _all.Where(hour => hour.Key >= from && hour.Key < from + hours).Sum(hour => (double)hour.Value);
        return (own + 1) / (all + _layers.Count);
    }
}
