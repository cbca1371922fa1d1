using Strata.Numerics;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Index.Vectors;

namespace Strata.Ranking.Candidates.Affinities;

/// <summary>
/// One query against items, by words and by meaning. Each half is divided by its own largest value over the items (Bruch, Gai and Ingber
/// 2023: a convex combination of normalised scores, with 0 as the least that BM25 or a centred cosine can say), and words weigh
/// 2·c², where c is how much of the query's idf the best title holds: a query whose words no title has goes by meaning alone. What both
/// find first is fed back: the mean of its vectors, weighted by the softmax of the scores (Rocchio 1971 on a relevance model's weights,
/// Lavrenko and Croft 2001), is a second query and counts twice the first.
/// <para>score = s · (m + 2c²·w), w ∝ BM25 / max + coverage, m ∝ cos(query) / max + 2·cos(fed back) / max, both again at most 1; s makes
/// the best item's score the cosine of the query's nearest item. The constants were chosen on titles that look for their own texts, on two
/// words for their item, and on the same with letters swapped; the weight of coverage also by the judged queries.</para>
/// </summary>
internal sealed class QueryMatch
{
    private const double WordsWeight = 2;
    private const double FeedbackWeight = 2;

    // Coverage of a title that answers a query whatever its cosine: a name that the encoder does not know.
    private const double LeastWords = 0.5;

    // Of the best first score: one that much lower weighs e times less in what is fed back.
    private const double Temperature = 0.05;
    private const double LeastFeedback = 1e-3;

    private readonly QueryWords _words = new();
    private readonly VectorBatch _batch = new();
    private float[] _direction = [];
    private float[] _feedback = [];
    private int[] _items = [];
    private float[] _cosines = [0];
    private double[] _meaning = [];
    private double[] _fed = [];
    private double[] _byWords = [];
    private double[] _coverage = [];
    private Largest _most;
    private double _wordsShare;

    /// <summary>Unit vector of what was fed back: the mean of the answers, in the space of the items. Set by scoring.</summary>
    public ReadOnlySpan<float> Answers => _feedback;

    /// <summary>
    /// Scores items. False, and nothing is scored, when none is as near as <paramref name="near"/> and no title holds half of what the
    /// query says.
    /// </summary>
    /// <param name="view">The catalogue.</param>
    /// <param name="direction">The query in the space of the items.</param>
    /// <param name="terms">Its terms, each once.</param>
    /// <param name="rows">Rows of the items; a superseded one scores 0.</param>
    /// <param name="near">Cosine that the nearest item has at least.</param>
    /// <param name="scores">Takes the scores, aligned with the rows; from 0 to the largest cosine.</param>
    public bool TryScore(
        CatalogueView view,
        ReadOnlySpan<float> direction,
        IReadOnlyList<string> terms,
        ReadOnlySpan<int> rows,
        float near,
        Span<float> scores)
    {
        _direction = direction.ToArray();
        if (_items.Length < rows.Length)
        {
            _items = new int[rows.Length];
            (_meaning, _fed) = (new double[rows.Length], new double[rows.Length]);
            (_byWords, _coverage) = (new double[rows.Length], new double[rows.Length]);
            _cosines = new float[rows.Length];
        }

        _most = default;
        Compare(view, _direction, rows);
        for (var n = 0; n < rows.Length; n++)
        {
            _items[n] = view.Vectors.ItemOf(rows[n]);
            _meaning[n] = _items[n] < 0 ? 0 : Math.Max(0, _cosines[n]);
            _most.Cosine = Math.Max(_most.Cosine, _meaning[n]);
        }

        var title = CompareWords(view, terms, rows.Length);
        if (_most.Cosine <= 0 || (_most.Cosine < near && title < LeastWords))
        {
            return false;
        }

        _wordsShare = WordsWeight * title * title;
        FeedBack(view, rows);
        for (var n = 0; n < rows.Length; n++)
        {
            _meaning[n] = Fused(_meaning[n], _fed[n]);
            _most.Meaning = Math.Max(_most.Meaning, _meaning[n]);
        }

        for (var n = 0; n < rows.Length; n++)
        {
            _most.Score = Math.Max(_most.Score, Total(_meaning[n], _byWords[n]));
        }

        for (var n = 0; n < rows.Length; n++)
        {
            scores[n] = (float)(_most.Cosine / _most.Score * Total(_meaning[n], _byWords[n]));
        }

        return true;
    }

    /// <summary>Score of an item that was not among those scored, on the same scale.</summary>
    public float Score(CatalogueView view, int row)
    {
        var item = view.Vectors.ItemOf(row);
        if (item < 0)
        {
            return 0;
        }

        var compared = _words.Compare(view.Items.Terms[item]);
        Compare(view, _direction, [row]);
        var cosine = Math.Max(0, _cosines[0]);
        Compare(view, _feedback, [row]);
        var meaning = Fused(cosine, Math.Max(0, _cosines[0]));
        return (float)(_most.Cosine / _most.Score * Total(meaning, Words(compared.Score, compared.Text)));
    }

    // BM25 and coverage need their largest values before they can be put together. The coverage of the best title.
    private double CompareWords(CatalogueView view, IReadOnlyList<string> terms, int count)
    {
        _words.Begin(view.Terms, terms);
        var title = 0.0;
        for (var n = 0; n < count; n++)
        {
            var compared = _words.Compare(view.Items.Terms[_items[n]]);
            (_byWords[n], _coverage[n]) = (compared.Score, compared.Text);
            (_most.Bm25, title) = (Math.Max(_most.Bm25, compared.Score), Math.Max(title, compared.Title));
        }

        for (var n = 0; n < count; n++)
        {
            _byWords[n] = Words(_byWords[n], _coverage[n]);
            _most.Words = Math.Max(_most.Words, _byWords[n]);
        }

        return title;
    }

    private double Words(double bm25, double coverage) => Share(bm25, _most.Bm25) + coverage;

    private void FeedBack(CatalogueView view, ReadOnlySpan<int> rows)
    {
        var best = 0.0;
        for (var n = 0; n < rows.Length; n++)
        {
            best = Math.Max(best, First(n));
        }

        _feedback = new float[_direction.Length];
        for (var n = 0; n < rows.Length; n++)
        {
            var weight = Math.Exp((First(n) - best) / (Temperature * best));
            if (weight > LeastFeedback && _items[n] >= 0)
            {
                view.Vectors.AddScaled(rows[n], (float)weight, _feedback);
            }
        }

        if (!VectorMath.TryNormalize(_feedback))
        {
            _direction.CopyTo(_feedback, 0);
        }

        Compare(view, _feedback, rows);
        for (var n = 0; n < rows.Length; n++)
        {
            _fed[n] = _items[n] < 0 ? 0 : Math.Max(0, _cosines[n]);
            _most.Fed = Math.Max(_most.Fed, _fed[n]);
        }
    }

    private double First(int n) => (_meaning[n] / _most.Cosine) + (_wordsShare * Share(_byWords[n], _most.Words));

    private double Fused(double cosine, double fed) => (cosine / _most.Cosine) + (FeedbackWeight * Share(fed, _most.Fed));

    private double Total(double meaning, double words) => (meaning / _most.Meaning) + (_wordsShare * Share(words, _most.Words));

    private void Compare(CatalogueView view, float[] direction, ReadOnlySpan<int> rows)
    {
        _batch.Begin(view.Vectors);
        _batch.Add(direction);
        view.Vectors.Compare(_batch, rows, _cosines);
    }

    private static double Share(double value, double most) => most > 0 ? value / most : 0;

    // The largest values over the items scored.
    private record struct Largest(double Cosine, double Bm25, double Words, double Fed, double Meaning, double Score);
}
