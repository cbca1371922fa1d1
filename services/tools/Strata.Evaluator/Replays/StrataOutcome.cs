using Strata.Evaluator.Measures;

namespace Strata.Evaluator.Replays;

/// <summary>What a replay of Strata gave.</summary>
/// <param name="Learned">Ranked by the learned weights.</param>
/// <param name="Fused">The same candidates ranked by reciprocal rank fusion over the sources: no learner.</param>
/// <param name="Served">The slates that Ranking would have served: placed with diversity and exploration; null when the setup serves
/// none.</param>
/// <param name="Variation">How far the layers of the served slates are from the users' probabilities.</param>
/// <param name="Probed">For each probe the item indexes of its slate.</param>
/// <param name="Sources">Rank of each tested item in each source's own list, by name; the user's single centroid among them.</param>
/// <param name="Considered">Share of the tested items that were candidates.</param>
/// <param name="EventMicroseconds">Time to take an event in.</param>
/// <param name="BytesPerUser">What rests of a user.</param>
/// <param name="BytesPerItem">What is published of an item.</param>
internal sealed record StrataOutcome(
    MethodRanks Learned,
    MethodRanks Fused,
    MethodRanks? Served,
    LayerVariation Variation,
    int[][] Probed,
    IReadOnlyList<(string Name, Rank[] Ranks)> Sources,
    double Considered,
    double EventMicroseconds,
    double BytesPerUser,
    double BytesPerItem);
