using Strata.Ranking.Index.Items;

namespace Strata.Ranking.Candidates.Affinities;

/// <summary>
/// A query's words against items: BM25 over titles (Robertson and Zaragoza 2009, k₁ 1.2, b .75), and coverage, the share of the query's idf
/// that lies in a text's terms (coordination, weighted).
/// </summary>
internal sealed class QueryWords
{
    private const double Saturation = 1.2;
    private const double LengthWeight = 0.75;

    private int[] _terms = [];
    private double[] _idf = [];
    private double _mass;
    private double _meanTitle;

    /// <summary>Takes a query's terms, each once.</summary>
    public void Begin(TermStatistics statistics, IReadOnlyList<string> terms)
    {
        _terms = [.. terms.Select(statistics.NumberOf)];
        _idf = [.. _terms.Select(statistics.TitleIdf)];
        _mass = _idf.Sum();
        _meanTitle = statistics.MeanTitle;
    }

    /// <summary>What an item has of the query: BM25 of its title, coverage of its title and of its whole text, both 0 to 1.</summary>
    public (double Score, double Title, double Text) Compare(ItemTerms item)
    {
        var (score, title, text) = (0.0, 0.0, 0.0);
        for (var k = 0; k < _terms.Length; k++)
        {
            if (_terms[k] < 0 || !item.MayHave(_terms[k]))
            {
                continue;
            }

            var count = item.Title.AsSpan().Count(_terms[k]);
            if (count > 0)
            {
                score += _idf[k] * count * (Saturation + 1)
                    / (count + (Saturation * (1 - LengthWeight + (LengthWeight * item.Title.Length / _meanTitle))));
                title += _idf[k];
            }

            text += count > 0 || item.Text.AsSpan().Contains(_terms[k]) ? _idf[k] : 0;
        }

        return _mass > 0 ? (score, title / _mass, text / _mass) : (0, 0, 0);
    }
}
