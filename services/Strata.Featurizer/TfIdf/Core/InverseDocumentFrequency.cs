namespace Strata.Featurizer.TfIdf;

/// <summary>How telling a term is: the fewer items have it, the more.</summary>
public static class InverseDocumentFrequency
{
    /// <summary>
    /// ln((1 + N) / (1 + df)) + 1: as if one more item had every term, so that nothing is divided by zero. The formula of scikit-learn's <c>TfidfTransformer(smooth_idf=True)</c>.
    /// </summary>
    /// <param name="items">N, number of live items.</param>
    /// <param name="frequency">df, number of those that have the term.</param>
    public static double Smooth(long items, long frequency) => Math.Log((1.0 + items) / (1.0 + frequency)) + 1;
}
