namespace Strata.Featurizer.Answers.Core;

/// <summary>The items nearest to a query so far, nearest first; of equally near ones that with the lowest key.</summary>
/// <param name="capacity">How many are kept.</param>
/// <param name="leastCosine">What lies below it is not near.</param>
internal sealed class NearestItems(int capacity, float leastCosine)
{
    private readonly (float Cosine, ItemKey Key, ItemBlock Block, int Row)[] _items = new (float, ItemKey, ItemBlock, int)[capacity];
    private float _least = leastCosine;

    public int Count { get; private set; }

    /// <summary>The cosine and the vector, as it rests, of the item at a place.</summary>
    public (float Cosine, ItemBlock Block, int Row) this[int place] => (_items[place].Cosine, _items[place].Block, _items[place].Row);

    /// <summary>The item nearest of all; there is one.</summary>
    public ItemKey First => _items[0].Key;

    /// <summary>Takes the nearest of a block's first items.</summary>
    public void Offer(ItemBlock block, ReadOnlySpan<float> cosines)
    {
        for (var row = 0; row < cosines.Length; row++)
        {
            if (cosines[row] >= _least)
            {
                Insert(cosines[row], block, row);
            }
        }
    }

    private void Insert(float cosine, ItemBlock block, int row)
    {
        var key = block.Keys[row];
        var at = Count;
        while (at > 0 && (_items[at - 1].Cosine < cosine || (_items[at - 1].Cosine == cosine && _items[at - 1].Key > key)))
        {
            at--;
        }

        if (at == capacity)
        {
            return;
        }

        Count = Math.Min(Count + 1, capacity);
        Array.Copy(_items, at, _items, at + 1, Count - 1 - at);
        _items[at] = (cosine, key, block, row);
        _least = Count == capacity ? _items[capacity - 1].Cosine : _least;
    }
}
