using Strata.Contracts.State.V1;
using Strata.Ranking.Candidates.Affinities;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Index.Core;

namespace Strata.Ranking.Lookups;

/// <summary>
/// The whole catalogue against one query, by words and meaning as the source "search" has them (<see cref="QueryMatch"/>), without its
/// threshold: who asks for items is shown the nearest. Kept from request to request; not for two threads at once.
/// </summary>
internal sealed class CatalogueSearch
{
    /// <summary>Best matches by which layers are counted.</summary>
    public const int Matches = 200;

    private readonly QueryMatch _match = new();
    private int[] _rows = [];
    private float[] _scores = [];
    private int _count;

    /// <summary>Scores every item; false when the query says nothing, or nothing there can be compared with it.</summary>
    public bool TryScore(CatalogueView view, ProfileQuery query)
    {
        _count = view.Vectors.Rows;
        if (_rows.Length < _count)
        {
            _rows = [.. Enumerable.Range(0, Math.Max(_count, _rows.Length * 2))];
            _scores = new float[_rows.Length];
        }

        var direction = new float[view.Vectors.Dimension];
        string[] terms = [.. query.Terms.Distinct(StringComparer.Ordinal)];
        return view.Vectors.TryDecode(query.Vector, direction)
            && _match.TryScore(view, direction, terms, _rows.AsSpan(0, _count), near: 0, _scores.AsSpan(0, _count));
    }

    /// <summary>Item and score of each row scored; −1 for a superseded one.</summary>
    public IEnumerable<(int Item, float Score)> Scores(CatalogueView view)
    {
        for (var row = 0; row < _count; row++)
        {
            yield return (view.Vectors.ItemOf(row), _scores[row]);
        }
    }

    /// <summary>The best that a request allows, best first, at most <see cref="Matches"/>.</summary>
    public IReadOnlyList<FoundItem> Find(RankingRequest own, LayerInterest interest)
    {
        var best = new TopList(Matches);
        for (var row = 0; row < _count; row++)
        {
            // The interest at most doubles a score.
            if (2 * _scores[row] > Math.Max(0, best.Threshold)
                && own.View.Vectors.ItemOf(row) is >= 0 and var item
                && Describe(own, interest, item, _scores[row]).Score is var score && score > best.Threshold
                && own.Allows(item))
            {
                best.Offer(item, score);
            }
        }

        return [.. best.Items.ToArray().Select(item => Describe(own, interest, item, _scores[own.View.Vectors.RowOf(item)]))];
    }

    private static FoundItem Describe(RankingRequest own, LayerInterest interest, int item, double score)
        => new(item, score, 0, score * interest.Of(own.View.Assignment.SlotOf(item)));
}
