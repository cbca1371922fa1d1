using Strata.Contracts.State.V1;

namespace Strata.Ranking.Users.Core;

/// <summary>What the online store knows about a user; null: nothing.</summary>
/// <param name="Profile">Items, queries, terms.</param>
/// <param name="Layers">Weights on layers.</param>
/// <param name="Policy">How they took what was shown.</param>
public sealed record UserState(Profile? Profile, UserLayers? Layers = null, UserPolicy? Policy = null)
{
    /// <summary>A user never seen.</summary>
    public static UserState Unknown { get; } = new((Profile?)null);
}
