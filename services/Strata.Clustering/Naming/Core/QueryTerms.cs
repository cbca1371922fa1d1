using Strata.Clustering.Catalogue.Core;

namespace Strata.Clustering.Naming.Core;

/// <summary>
/// The terms of queries, in the words of the catalogue: a word typed stands for the term that titles most often spell by it, or for itself
/// when it is a term. Words that no item has say nothing that a name could show.
/// </summary>
internal sealed class QueryTerms
{
    private readonly Dictionary<string, Dictionary<string, int>> _terms = new(StringComparer.Ordinal);
    private readonly float _frequency;

    public QueryTerms(IEnumerable<string> queries, IEnumerable<CatalogueItem> items)
    {
        foreach (var word in queries.SelectMany(TitleWords.Of))
        {
            _terms.TryAdd(word, new Dictionary<string, int>(StringComparer.Ordinal));
        }

        var (sum, count) = (0.0, 0);
        foreach (var item in _terms.Count == 0 ? [] : items)
        {
            count += item.Terms.Count;
            sum += item.Terms.Sum(term => (double)term.Frequency);
            foreach (var word in TitleWords.Of(item.Title))
            {
                if (_terms.TryGetValue(word, out var terms) && SurfaceForms.TermOf(word, item.Terms) is { } term)
                {
                    terms[term] = terms.GetValueOrDefault(term) + 1;
                }
            }

            foreach (var (term, _) in item.Terms)
            {
                if (_terms.TryGetValue(term, out var terms))
                {
                    terms.TryAdd(term, 1);
                }
            }
        }

        _frequency = (float)(sum / Math.Max(1, count));
    }

    /// <summary>
    /// The terms of a query, each with the frequency of an average term of an item: by its share in two words it would outweigh a dozen
    /// items, and one search would rename a layer.
    /// </summary>
    public IEnumerable<(string Term, float Frequency)> Of(string query)
        => TitleWords.Of(query).Where(word => !FunctionWords.Contain(word) && _terms[word].Count > 0)
            .Select(word => (
                _terms[word].OrderByDescending(term => term.Value).ThenBy(term => term.Key, StringComparer.Ordinal).First().Key,
                _frequency));
}
