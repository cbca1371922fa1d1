using Strata.Contracts.Common.V1;

namespace Strata.Featurizer.TfIdf;

/// <summary>How many live items there are and how many of them have each term. Not changed once made.</summary>
/// <param name="Items">Number of live items.</param>
/// <param name="Counts">Term → number of live items that have it.</param>
public sealed record DocumentFrequencies(long Items, IReadOnlyDictionary<string, long> Counts)
{
    /// <summary>idf of a term; of one that no item has, the largest there is.</summary>
    public double Idf(string term) => InverseDocumentFrequency.Smooth(Items, Counts.GetValueOrDefault(term));

    /// <summary>tf · idf of each term, the vector scaled to unit length; the empty vector stays empty.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Weigh(IReadOnlyList<TermWeight> frequencies)
    {
        ArgumentNullException.ThrowIfNull(frequencies);
        var weights = new KeyValuePair<string, double>[frequencies.Count];
        var squares = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            var weight = frequencies[i].Weight * Idf(frequencies[i].Term);
            weights[i] = new(frequencies[i].Term, weight);
            squares += weight * weight;
        }

        var norm = Math.Sqrt(squares);
        for (var i = 0; norm > 0 && i < weights.Length; i++)
        {
            weights[i] = new(weights[i].Key, weights[i].Value / norm);
        }

        return weights;
    }
}
