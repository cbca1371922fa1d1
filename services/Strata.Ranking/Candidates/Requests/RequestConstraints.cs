namespace Strata.Ranking.Candidates.Requests;

/// <summary>What a request allows.</summary>
/// <param name="AllowRepeats">Items that the user already had may come again.</param>
/// <param name="Exclude">Ids of items not wanted.</param>
/// <param name="CreatedByMs">
/// Items created by then may come even where no event is as new, Unix milliseconds; 0: only those created by the time of the request.
/// </param>
/// <param name="Conditions">What else items must be like; null: anything goes.</param>
/// <param name="Diversity">How much likeness to what stands before counts against an item, 0 to 1; null: as the settings have it.</param>
/// <param name="Rules">Rules of operators that hold for it, the first over the later; null: none.</param>
public sealed record RequestConstraints(
    bool AllowRepeats = false,
    IReadOnlyList<string>? Exclude = null,
    long CreatedByMs = 0,
    ItemConditions? Conditions = null,
    double? Diversity = null,
    IReadOnlyList<SlateRule>? Rules = null)
{
    /// <summary>No repeats, nothing excluded.</summary>
    public static RequestConstraints Usual { get; } = new();
}
