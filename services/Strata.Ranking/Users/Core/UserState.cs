using Strata.Contracts.State.V1;

namespace Strata.Ranking.Candidates;

/// <summary>What the online store knows about a user; null: nothing.</summary>
/// <param name="Profile">Items, queries, terms.</param>
/// <param name="Layers">Weights on layers.</param>
/// <param name="Policy">How he took what was shown.</param>
public sealed record UserState(Profile? Profile, UserLayers? Layers = null, UserPolicy? Policy = null)
{
    /// <summary>A user never seen.</summary>
    public static UserState Unknown { get; } = new((Profile?)null);
}

/// <summary>What a request allows.</summary>
/// <param name="AllowRepeats">Items that the user already had may come again.</param>
/// <param name="Exclude">Ids of items not wanted.</param>
public sealed record RequestTerms(bool AllowRepeats = false, IReadOnlyList<string>? Exclude = null)
{
    /// <summary>No repeats, nothing excluded.</summary>
    public static RequestTerms Usual { get; } = new();
}
