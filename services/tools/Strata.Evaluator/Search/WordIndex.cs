namespace Strata.Evaluator.Search;

/// <summary>BM25 (Robertson and Zaragoza 2009) over the terms of short texts.</summary>
internal sealed class WordIndex
{
    private const double Saturation = 1.2;
    private const double LengthWeight = 0.75;

    private readonly Dictionary<string, List<(int Text, int Count)>> _postings = new(StringComparer.Ordinal);
    private readonly int[] _lengths;
    private readonly double _meanLength;

    /// <summary>Indexes texts given as their terms.</summary>
    public WordIndex(IReadOnlyList<IReadOnlyList<string>> texts)
    {
        _lengths = [.. texts.Select(terms => terms.Count)];
        _meanLength = _lengths.DefaultIfEmpty(0).Average();
        for (var text = 0; text < texts.Count; text++)
        {
            foreach (var group in texts[text].GroupBy(term => term, StringComparer.Ordinal))
            {
                if (!_postings.TryGetValue(group.Key, out var postings))
                {
                    _postings[group.Key] = postings = [];
                }

                postings.Add((text, group.Count()));
            }
        }
    }

    /// <summary>Score of every text for a query given as its terms.</summary>
    public double[] Score(IReadOnlyList<string> query)
    {
        var scores = new double[_lengths.Length];
        foreach (var term in query.Distinct(StringComparer.Ordinal))
        {
            if (_postings.TryGetValue(term, out var postings))
            {
                var idf = Math.Log(1 + ((_lengths.Length - postings.Count + 0.5) / (postings.Count + 0.5)));
                foreach (var (text, count) in postings)
                {
                    scores[text] += idf * count * (Saturation + 1) / (
                        count + (Saturation * (1 - LengthWeight + (LengthWeight * _lengths[text] / _meanLength))));
                }
            }
        }

        return scores;
    }
}
