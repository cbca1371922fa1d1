using Strata.Ranking.Candidates.Requests;

namespace Strata.Ranking.Slates;

/// <summary>
/// How much candidates are like what is placed: the largest cosine, 0 at least. A candidate is compared only once somebody asks, and then
/// with what was placed since the last time.
/// </summary>
internal sealed class PlacedLikeness
{
    private readonly RankingRequest _request;
    private readonly float[] _largest;

    // How many of the placed a candidate was compared with; −1: it never is.
    private readonly int[] _compared;
    private readonly List<int> _placedRows = [];

    /// <param name="request">A request with candidates.</param>
    /// <param name="compared">Candidates that are compared at all.</param>
    public PlacedLikeness(RankingRequest request, ReadOnlySpan<int> compared)
    {
        _request = request;
        (_largest, _compared) = (new float[request.Count], new int[request.Count]);
        Array.Fill(_compared, -1);
        foreach (var candidate in compared)
        {
            _compared[candidate] = RowOf(candidate) < 0 ? -1 : 0;
        }
    }

    /// <summary>
    /// What a cosine of 1 costs, in standard deviations of the scores. A request's own d is that of maximal marginal relevance (Carbonell
    /// and Goldstein 1998), (1 − d) · score − d · cosine: divided by 1 − d, at least a thousandth, so that at 1 scores decide between
    /// equals only.
    /// </summary>
    public static double PriceFor(RequestConstraints constraints, SlateOptions options)
        => constraints.Diversity is { } diversity ? diversity / Math.Max(1e-3, 1 - diversity) : options.Diversity;

    /// <summary>Another one is placed.</summary>
    public void Place(int candidate)
    {
        if (RowOf(candidate) is >= 0 and var row)
        {
            _placedRows.Add(row);
        }
    }

    /// <summary>What is known without comparing.</summary>
    public float AtLeast(int candidate) => _largest[candidate];

    /// <summary>Likeness to all that is placed.</summary>
    public float Of(int candidate)
    {
        if (_compared[candidate] < 0 || _compared[candidate] == _placedRows.Count)
        {
            return _largest[candidate];
        }

        var (vectors, own) = (_request.View.Vectors, RowOf(candidate));
        for (; _compared[candidate] < _placedRows.Count; _compared[candidate]++)
        {
            var cosine = vectors.Cosine(_placedRows[_compared[candidate]], own);
            _largest[candidate] = Math.Max(_largest[candidate], cosine);
        }

        return _largest[candidate];
    }

    private int RowOf(int candidate) => _request.View.Vectors.RowOf(_request.Items[candidate]);
}
