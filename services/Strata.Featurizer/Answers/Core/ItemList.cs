namespace Strata.Featurizer.Answers.Core;

/// <summary>The items to which one pivot is the nearest, without an order.</summary>
/// <param name="number">By which it is known.</param>
/// <param name="dimensions">Components of a vector.</param>
/// <param name="spare">Blocks that nobody uses, shared by all lists.</param>
internal sealed class ItemList(int number, int dimensions, Stack<ItemBlock> spare)
{
    // More of them are left to the garbage collector.
    private const int MostSpare = 256;

    private readonly List<ItemBlock> _blocks = [];

    public int Number => number;

    public int Count { get; private set; }

    public List<ItemBlock> Blocks => _blocks;

    /// <summary>Items in a block.</summary>
    public int RowsOf(int block) => Math.Min(ItemBlock.Rows, Count - (block * ItemBlock.Rows));

    /// <summary>Where the item at a slot lies.</summary>
    public (ItemBlock Block, int Row) At(int slot) => (_blocks[slot / ItemBlock.Rows], slot % ItemBlock.Rows);

    /// <summary>Adds an item and returns its slot.</summary>
    public int Add(ItemKey key, ReadOnlySpan<sbyte> codes, float inverse, float nearness)
    {
        if (Count == _blocks.Count * ItemBlock.Rows)
        {
            _blocks.Add(spare.TryPop(out var block) ? block : new ItemBlock(dimensions));
        }

        Set(Count, key, codes, inverse, nearness);
        return Count++;
    }

    /// <summary>Removes the item at a slot, where the last one goes; returns that one.</summary>
    public ItemKey RemoveAt(int slot)
    {
        var (block, row) = At(Count - 1);
        var last = block.Keys[row];
        if (slot != Count - 1)
        {
            Set(slot, last, block.Row(row), block.Inverse[row], block.Nearness[row]);
        }

        if (row == 0)
        {
            if (spare.Count < MostSpare)
            {
                spare.Push(block);
            }

            _blocks.RemoveAt(_blocks.Count - 1);
        }

        Count--;
        return last;
    }

    private void Set(int slot, ItemKey key, ReadOnlySpan<sbyte> codes, float inverse, float nearness)
    {
        var (block, row) = At(slot);
        block.Keys[row] = key;
        codes.CopyTo(block.Codes.AsSpan(row * dimensions));
        block.Inverse[row] = inverse;
        block.Nearness[row] = nearness;
    }
}
