using System.Runtime.InteropServices;
using Strata.Contracts.Common.V1;

namespace Strata.Featurizer.TfIdf.Core;

/// <summary>
/// How often a text uses its terms: what is stored of a text. idf is applied at use, because it changes with every other text.
/// </summary>
public static class TermFrequencies
{
    /// <summary>
    /// The <paramref name="most"/> most frequent terms with tf = count / number of the text's terms; among equals the one that came first
    /// in the text, so that a title wins over the end of a description.
    /// </summary>
    public static IReadOnlyList<TermWeight> Of(IReadOnlyList<string> terms, int most)
    {
        ArgumentNullException.ThrowIfNull(terms);
        var counts = new Dictionary<string, int>(terms.Count, StringComparer.Ordinal);
        var order = new List<string>(terms.Count);
        foreach (var term in terms)
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, term, out var known);
            count++;
            if (!known)
            {
                order.Add(term);
            }
        }

        // OrderByDescending is stable: equals stay in the order of the text.
        return
        [
            .. order.OrderByDescending(term => counts[term])
                .Take(most)
                .Select(term => new TermWeight { Term = term, Weight = (float)counts[term] / terms.Count }),
        ];
    }
}
