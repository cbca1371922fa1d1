namespace Strata.Ranking.Candidates.Requests;

/// <summary>What a request allows.</summary>
/// <param name="AllowRepeats">Items that the user already had may come again.</param>
/// <param name="Exclude">Ids of items not wanted.</param>
/// <param name="CreatedByMs">
/// Items created by then may come even where no event is as new, Unix milliseconds; 0: only those created by the time of the request.
/// </param>
/// <param name="Conditions">What else items must be like; null: anything goes.</param>
public sealed record RequestConstraints(
    bool AllowRepeats = false, IReadOnlyList<string>? Exclude = null, long CreatedByMs = 0, ItemConditions? Conditions = null)
{
    /// <summary>No repeats, nothing excluded.</summary>
    public static RequestConstraints Usual { get; } = new();
}
