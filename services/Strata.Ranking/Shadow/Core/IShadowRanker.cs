using Strata.Contracts.State.V1;

namespace Strata.Ranking.Shadow.Core;

/// <summary>Ranking as a pure step over the newest catalogue and activity in memory.</summary>
public interface IShadowRanker
{
    /// <summary>The candidates that a request of this user would have had.</summary>
    /// <param name="profile">Profile before the event.</param>
    /// <param name="layers">Weights on layers before the event; null: unknown.</param>
    /// <param name="now">Time of the request: the event's.</param>
    /// <param name="allowRepeats">Items that the user had compete.</param>
    ShadowList Rank(Profile profile, UserLayers? layers, DateTimeOffset now, bool allowRepeats);
}

/// <summary>Candidates with what the learner needs.</summary>
/// <param name="Schema">Version of the feature schema.</param>
/// <param name="Context">Context of the request.</param>
/// <param name="ItemIds">Candidates.</param>
/// <param name="Features">Raw features, candidate by candidate.</param>
/// <param name="Cohorts">What is known of the user, as <see cref="Users.Core.Cohorts"/> names it.</param>
/// <param name="LayerOf">Layer of any item of the catalogue, where the user had nothing of it; else 0.</param>
public sealed record ShadowList(
    uint Schema,
    uint Context,
    IReadOnlyList<string> ItemIds,
    float[] Features,
    IReadOnlyList<string> Cohorts,
    Func<string, uint> LayerOf);
