namespace Strata.Ranking.Candidates.Requests;

/// <summary>What a rule of an operator does with the items that it speaks of.</summary>
public enum SlateRuleAction
{
    /// <summary>The best of them come first.</summary>
    Pin,

    /// <summary>They come when nothing else is left.</summary>
    Bury,

    /// <summary>No more than so many of them come.</summary>
    Cap,
}

/// <summary>A rule of an operator that holds for a request.</summary>
/// <param name="Name">Its name in the settings and in answers.</param>
/// <param name="Action">What it does.</param>
/// <param name="Places">Of a pin how many positions it fills, of a cap how many items a slate may have; a bury has none.</param>
/// <param name="Items">Which items it speaks of.</param>
public sealed record SlateRule(string Name, SlateRuleAction Action, int Places, ItemConditions Items);
