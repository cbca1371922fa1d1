namespace Strata.RankingModel;

/// <summary>
/// What ranking knows before anybody came: weights, standardisation and click rate, learned on other data. The learner starts from it, and
/// a feature that no example has moved keeps it. Immutable.
/// </summary>
public sealed class Prior
{
    /// <summary>Makes a prior; the arrays are kept.</summary>
    /// <param name="schema">Version of <see cref="FeatureSchema"/> that it follows.</param>
    /// <param name="mean">Mean of each raw feature over the candidates of a list.</param>
    /// <param name="variance">Variance of each.</param>
    /// <param name="weights">Row 0 shared by the contexts, then one row a context, each one weight a feature.</param>
    /// <param name="curvature">Mean square of the loss's gradient, aligned with <paramref name="weights"/>.</param>
    /// <param name="clicks">Items chosen among <paramref name="shown"/>.</param>
    /// <param name="shown">Items shown, each weighted by how likely its position is looked at; more than 0.</param>
    /// <param name="strength">How many examples it weighs as much as.</param>
    public Prior(
        uint schema,
        double[] mean,
        double[] variance,
        double[][] weights,
        double[][] curvature,
        double clicks,
        double shown,
        double strength)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(variance);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(curvature);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shown);
        if (variance.Length != mean.Length
            || weights.Length < 2
            || curvature.Length != weights.Length
            || Array.Exists(weights, row => row.Length != mean.Length)
            || Array.Exists(curvature, row => row.Length != mean.Length))
        {
            throw new ArgumentException($"Not every row has {mean.Length} features.", nameof(mean));
        }

        (Schema, Mean, Variance, Weights, Curvature) = (schema, mean, variance, weights, curvature);
        (Clicks, Shown, Strength) = (clicks, shown, strength);
        Model = new LinearModel(mean, variance, weights[0], weights[1..], 0);
    }

    /// <summary>The prior that Strata ships with.</summary>
    public static Prior Shipped => PriorFile.Shipped.Prior();

    /// <summary>Version of <see cref="FeatureSchema"/>.</summary>
    public uint Schema { get; }

    /// <summary>Number of features.</summary>
    public int Features => Mean.Count;

    /// <summary>Number of contexts.</summary>
    public int ContextCount => Weights.Count - 1;

    /// <summary>Mean of each raw feature.</summary>
    public IReadOnlyList<double> Mean { get; }

    /// <summary>Variance of each raw feature.</summary>
    public IReadOnlyList<double> Variance { get; }

    /// <summary>Row 0 shared by the contexts, then one row a context.</summary>
    public IReadOnlyList<double[]> Weights { get; }

    /// <summary>Mean squared gradients, aligned with the weights.</summary>
    public IReadOnlyList<double[]> Curvature { get; }

    /// <summary>Items chosen among those shown.</summary>
    public double Clicks { get; }

    /// <summary>Items shown, weighted by position; more than 0.</summary>
    public double Shown { get; }

    /// <summary>How many examples it weighs as much as.</summary>
    public double Strength { get; }

    /// <summary>The prior as a model to score with.</summary>
    public LinearModel Model { get; }
}
