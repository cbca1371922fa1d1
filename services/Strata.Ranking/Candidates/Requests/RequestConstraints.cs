namespace Strata.Ranking.Candidates.Requests;

/// <summary>What a request allows.</summary>
/// <param name="AllowRepeats">Items that the user already had may come again.</param>
/// <param name="Exclude">Ids of items not wanted.</param>
public sealed record RequestConstraints(bool AllowRepeats = false, IReadOnlyList<string>? Exclude = null)
{
    /// <summary>No repeats, nothing excluded.</summary>
    public static RequestConstraints Usual { get; } = new();
}
