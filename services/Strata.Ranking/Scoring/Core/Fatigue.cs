namespace Strata.Ranking.Scoring.Core;

/// <summary>
/// What is taken from an item's score because its user was shown it and did not choose it: most · n / (n + k), n being how often that was
/// (weighted by position, decayed) and k how often it takes for half of the most. A score is a log-odds, the softmax of scores being what
/// the learner fits to choices; so the odds of being chosen are multiplied by e^−most at worst. Impression discounting after Lee et al.
/// (2014, Modeling impression discounting in large-scale recommender systems, KDD), who multiply a score by a coefficient that falls with
/// count and recency; a log-odds may be below zero, so here it is the odds that are multiplied, and a bound keeps what fits best in sight.
/// </summary>
internal static class Fatigue
{
    /// <summary>Its name among the contributions to a score.</summary>
    public const string Name = "fatigue";

    /// <summary>What a count as of now adds to a score: 0 or less, never below the most.</summary>
    public static double Of(double count, ScoringOptions options)
        => count > 0 ? -options.FatigueMost * (count / (count + options.FatigueTimes)) : 0;
}
