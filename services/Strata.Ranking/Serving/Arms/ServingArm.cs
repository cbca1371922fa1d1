using Strata.Contracts.Ranking.V1;
using Strata.Ranking.Serving.Core;
using Strata.Ranking.Slates;

namespace Strata.Ranking.Serving.Arms;

/// <summary>What a request is made with.</summary>
/// <param name="Recommender">Ranks candidates.</param>
/// <param name="Slates">How they become a slate.</param>
/// <param name="Names">Which arms these are, one an experiment; none: what the settings say of everybody.</param>
internal sealed record ServingArm(Recommender Recommender, SlateOptions Slates, IReadOnlyList<ExperimentArm> Names);
