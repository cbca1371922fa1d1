using Strata.RankingModel;

namespace Strata.Ranking.Slates;

/// <summary>A user's row of the layer matrix.</summary>
/// <param name="Slot">Slot in the layer set.</param>
/// <param name="LayerId">Layer.</param>
/// <param name="LongInterest">Share of the user's weight, half-life 30 d; 0 for a user without any.</param>
/// <param name="ShortInterest">Share of the user's weight, half-life 1 h.</param>
/// <param name="Probability">Probability of recommending from the layer.</param>
/// <param name="Held">The part of the probability that is for what the user held long since.</param>
/// <param name="Doubt">
/// How little is known of what this user does there, 0 to 1: the standard error of their click rate to that of a user shown nothing of it,
/// √(m / (m + n)) after n impressions where the rate of all weighs as much as m.
/// </param>
/// <param name="Belief">How likely they like it (<see cref="LayerLiking"/>).</param>
public readonly record struct LayerProbability(
    int Slot,
    uint LayerId,
    double LongInterest,
    double ShortInterest,
    double Probability,
    double Held = 0,
    double Doubt = 1,
    double Belief = LayerLiking.Nominal);
