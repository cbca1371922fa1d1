using Strata.Contracts.Layers.V1;
using Strata.Numerics;
using Strata.Ranking.Index.Core;

namespace Strata.Ranking.Browse.Core;

/// <summary>Segments of users, for people. Pure.</summary>
public sealed class SegmentSummaries
{
    private const int Words = 6;
    private const int Layers = 5;

    // Of which cosine on a layer is one that the segment likes; the nearest is in any case.
    private const double Likes = .2;

    private readonly CatalogueView _view;
    private readonly LayerTrends _trends;
    private readonly double _all;

    /// <summary>Adds up the segments of a view.</summary>
    public SegmentSummaries(CatalogueView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        _view = view;
        _trends = new LayerTrends(view.Segments.Set);
        _all = Slots.Sum(view.Segments.WeightOf);
    }

    private IEnumerable<int> Slots => _view.Segments.AreOf(_view.Layers) ? Enumerable.Range(0, _view.Segments.Count) : [];

    /// <summary>All segments, largest first.</summary>
    public IEnumerable<SegmentSummary> All() => Slots.OrderByDescending(_view.Segments.WeightOf).Select(Of);

    /// <summary>One segment.</summary>
    public SegmentSummary Of(int slot)
    {
        var segments = _view.Segments;
        var share = _all > 0 ? segments.WeightOf(slot) / _all : 0;
        var segment = new SegmentSummary
        {
            SegmentId = segments.Set.IdOf(slot),
            Users = (ulong)Math.Round(segments.Users * share),
            Share = share,
            Trend = _trends.TrendOf(segments.Set[slot]!),
        };
        foreach (var (layer, cosine) in LikedBy(slot))
        {
            var liked = new SegmentSummary.Types.LikedLayer { LayerId = _view.Layers.IdOf(layer), Cosine = cosine };
            liked.Words.AddRange(_view.WordsOf(layer));
            segment.Layers.Add(liked);
        }

        segment.Words.AddRange(WordsOf(segment));
        return segment;
    }

    private IEnumerable<(int Slot, double Cosine)> LikedBy(int segment)
    {
        var centroid = _view.Segments.Set.Centroid(segment).ToArray();
        return Enumerable.Range(0, _view.Layers.Count)
            .Select(slot => (Slot: slot, Cosine: (double)VectorMath.Dot(_view.Layers.Centroid(slot), centroid)))
            .OrderByDescending(layer => layer.Cosine)
            .Take(Layers)
            .Where((layer, rank) => rank == 0 || layer.Cosine >= Likes);
    }

    // The best word of each layer, then the second of each.
    private static IEnumerable<string> WordsOf(SegmentSummary segment)
        => Enumerable.Range(0, Words)
            .SelectMany(rank => segment.Layers.Where(layer => rank < layer.Words.Count).Select(layer => layer.Words[rank]))
            .Distinct(StringComparer.Ordinal)
            .Take(Words);
}
