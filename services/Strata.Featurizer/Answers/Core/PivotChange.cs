namespace Strata.Featurizer.Answers.Core;

/// <summary>What becomes of <see cref="PivotLists"/> when items come and go.</summary>
/// <param name="Pivots">The pivots from then on.</param>
/// <param name="Gone">Items that leave, or leave their old vectors.</param>
/// <param name="Moved">Items that change lists.</param>
/// <param name="Come">Items with new vectors.</param>
internal sealed record PivotChange(
    PivotSet Pivots,
    IReadOnlyList<ItemKey> Gone,
    IReadOnlyList<(ItemKey Key, ItemList List, float Nearness)> Moved,
    IReadOnlyList<(ItemKey Key, ReadOnlyMemory<byte> Codes, ItemList List, float Nearness)> Come);
