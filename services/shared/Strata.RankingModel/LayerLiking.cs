namespace Strata.RankingModel;

/// <summary>
/// Whether a user likes a layer, as a chain of two states that is watched through clicks: liked, they click at one rate, else at a lower
/// one, and now and then a taste changes. The filter is the forward step of a hidden Markov model (Rabiner, 1989, A tutorial on hidden
/// Markov models; for bandits whose arms switch: Mellor and Shapiro, 2013, Thompson sampling in switching environments with Bayesian
/// online change detection). A dozen looks without a click turn a belief over, where a mean over a window would have to be outvoted.
/// <para>What is kept of a user is the logarithm of the Bayes factor, which is 0 where nothing is known, so that what they look at
/// elsewhere may say how likely it was to begin with.</para>
/// </summary>
public static class LayerLiking
{
    /// <summary>Share of the layers that a user likes while nothing else says so.</summary>
    public const double Nominal = 0.15;

    /// <summary>Part of the belief that goes back to <see cref="Nominal"/> with each item shown.</summary>
    public const double Change = 1.0 / 400;

    /// <summary>By how much a liked layer is clicked more often while no clicks were seen.</summary>
    public const double Lift = 8;

    /// <summary>
    /// Odds that an untried layer gets on top, as a logarithm: if it is liked it pays for long, if not it is soon known (an index after
    /// Gittins, 1979, with the time to find out in place of the discount).
    /// </summary>
    public const double Optimism = 1.5;

    /// <summary>SquareCB's γ at the first impression over these indices, whose gaps are small.</summary>
    public const double DefaultGamma = 4_000;

    // Beyond it floats of beliefs are 0 or 1.
    private const double Most = 12;

    // What counts of a release before it are read by.
    private static readonly LikingRates Plain = new(0.02, 0.02 * Lift);

    /// <summary>Probability of liking from the evidence and the odds before it.</summary>
    public static double Belief(double evidence, double odds = Nominal / (1 - Nominal))
        => odds / (odds + double.Exp(-evidence));

    /// <summary>Evidence after clicks among items shown.</summary>
    /// <param name="evidence">Logarithm of the Bayes factor before.</param>
    /// <param name="clicks">Items chosen.</param>
    /// <param name="shown">Items shown, weighted by how likely their position is looked at.</param>
    /// <param name="rates">Click rates of the layer.</param>
    public static double After(double evidence, double clicks, double shown, LikingRates rates)
        => Math.Clamp(
            evidence
                + (clicks * double.Log(rates.Liked / rates.Other))
                + (Math.Max(0, shown - clicks) * double.Log((1 - rates.Liked) / (1 - rates.Other))),
            -Most,
            Most);

    /// <summary>Belief after clicks among items shown.</summary>
    /// <param name="belief">Probability before, more than 0 and less than 1.</param>
    /// <param name="clicks">Items chosen.</param>
    /// <param name="shown">Items shown, weighted by how likely their position is looked at.</param>
    /// <param name="rates">Click rates of the layer.</param>
    public static double BeliefAfter(double belief, double clicks, double shown, LikingRates rates)
        => Belief(After(0, clicks, shown, rates), belief / (1 - belief));

    /// <summary>Evidence after so many items were shown, of whichever layers: tastes may have changed meanwhile.</summary>
    public static double Fade(double evidence, double shown)
    {
        var belief = Belief(evidence);
        belief += (1 - double.Pow(1 - Change, Math.Max(0, shown))) * (Nominal - belief);
        return double.Log(belief / (1 - belief) * ((1 - Nominal) / Nominal));
    }

    /// <summary>Evidence of decayed counts from a release that kept no other.</summary>
    public static double OfCounts(double clicks, double shown) => After(0, clicks, shown, Plain);

    /// <summary>The click rate that a layer is chosen by: what is believed, with the odds of <see cref="Optimism"/> on top.</summary>
    public static double Index(double belief, LikingRates rates)
    {
        var weight = belief / (belief + ((1 - belief) * double.Exp(-Optimism)));
        return (weight * rates.Liked) + ((1 - weight) * rates.Other);
    }
}
