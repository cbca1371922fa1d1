namespace Strata.Clustering.Layers;

/// <summary>What a chat model calls a layer.</summary>
/// <param name="ContentHash">Of the words that it was asked about.</param>
/// <param name="Title">A few words.</param>
/// <param name="Description">One sentence; may be empty.</param>
/// <param name="Suggestion">What it would have an operator do; null: nothing.</param>
public sealed record LayerTitle(ulong ContentHash, string Title, string Description, LayerSuggestion? Suggestion);

/// <summary>A merge or a split that an operator may accept.</summary>
/// <param name="IntoLayerId">The layer to merge into; 0: split.</param>
/// <param name="Why">Why, in the model's words.</param>
public sealed record LayerSuggestion(uint IntoLayerId, string Why);
