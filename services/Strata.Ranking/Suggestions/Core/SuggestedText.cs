namespace Strata.Ranking.Suggestions.Core;

/// <summary>What may be suggested.</summary>
/// <param name="Text">As it is shown.</param>
/// <param name="Item">Item index of a title; −1: a query.</param>
/// <param name="Score">0 to 1, the most popular of its kind at 1.</param>
internal sealed record SuggestedText(string Text, int Item, double Score);
