namespace Strata.Ranking.Slates;

/// <summary>An item of a slate.</summary>
/// <param name="Candidate">Its number among the candidates.</param>
/// <param name="Item">Item index.</param>
/// <param name="Slot">Slot of its layer.</param>
/// <param name="Propensity">Probability that this item came to this position, given the items before it.</param>
/// <param name="Exploration">The layer was drawn, and its best item is not the one with the best score.</param>
/// <param name="Pin">The operator's rule that put it here; null: none did.</param>
public readonly record struct PlacedItem(int Candidate, int Item, int Slot, double Propensity, bool Exploration, string? Pin = null);
