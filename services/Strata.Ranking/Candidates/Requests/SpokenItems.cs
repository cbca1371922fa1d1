using Strata.Contracts.Features.V1;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Index.Items;

namespace Strata.Ranking.Candidates.Requests;

/// <summary>
/// The items of a catalogue for which something holds, kept from view to view: only blocks of items that were put since are looked at
/// again. For any thread.
/// </summary>
/// <param name="holds">What holds of an item by what is told of it.</param>
internal sealed class SpokenItems(Func<ItemFeatures, bool> holds)
{
    private Known _known = new(null, [], [], []);

    /// <summary>Indexes of the items, the first put first; gone ones are none.</summary>
    public int[] In(CatalogueView view)
    {
        var (known, features) = (Volatile.Read(ref _known), view.Items.Features);
        if (known.Features == features)
        {
            return known.All;
        }

        var (blocks, found) = (new ItemFeatures?[features.Blocks][], new int[features.Blocks][]);
        for (var block = 0; block < blocks.Length; block++)
        {
            blocks[block] = features.Block(block);
            found[block] = block < known.Blocks.Length && known.Blocks[block] == blocks[block]
                ? known.Found[block]
                : Look(blocks[block], Column<ItemFeatures?>.FirstOf(block));
        }

        int[] all = [.. found.SelectMany(items => items)];
        Volatile.Write(ref _known, new Known(features, blocks, found, all));
        return all;
    }

    private int[] Look(ItemFeatures?[] block, int first)
    {
        var found = new List<int>();
        for (var i = 0; i < block.Length; i++)
        {
            if (block[i] is { } features && holds(features))
            {
                found.Add(first + i);
            }
        }

        return [.. found];
    }

    private sealed record Known(Column<ItemFeatures?>? Features, ItemFeatures?[][] Blocks, int[][] Found, int[] All);
}
