using Strata.Numerics;

namespace Strata.Featurizer.Answers.Core;

/// <summary>The items whose lists hold all items. Which pivot is an item's does not depend on when either of them came.</summary>
internal sealed class PivotSet
{
    private readonly int _dimensions;
    private readonly sbyte[] _codes;
    private readonly float[] _inverse;
    private readonly short[][] _vectors;

    /// <param name="keys">In order.</param>
    /// <param name="codes">Their vectors as they rest, row-major.</param>
    /// <param name="lists">Their lists.</param>
    /// <param name="dimensions">Components of a vector.</param>
    public PivotSet(IReadOnlyList<ItemKey> keys, sbyte[] codes, ItemList[] lists, int dimensions)
    {
        (Keys, Lists, _codes, _dimensions) = ([.. keys], lists, codes, dimensions);
        _vectors = new short[Keys.Length][];
        _inverse = new float[Keys.Length];
        for (var pivot = 0; pivot < Keys.Length; pivot++)
        {
            _vectors[pivot] = Array.ConvertAll(Row(pivot).ToArray(), static code => (short)code);
            _inverse[pivot] = InverseLength(Row(pivot));
        }
    }

    public ItemKey[] Keys { get; }

    public ItemList[] Lists { get; }

    /// <summary>One over the length of codes; infinite when all are zero.</summary>
    public static float InverseLength(ReadOnlySpan<sbyte> codes)
    {
        var squares = 0;
        foreach (var code in codes)
        {
            squares += code * code;
        }

        return (float)(1 / Math.Sqrt(squares));
    }

    /// <summary>The place of a pivot; −1 when it is none, or has another list.</summary>
    public int PlaceOf(ItemKey key, ItemList list)
        => Array.BinarySearch(Keys, key) is >= 0 and var place && Lists[place] == list ? place : -1;

    public ReadOnlySpan<sbyte> Row(int pivot) => _codes.AsSpan(pivot * _dimensions, _dimensions);

    /// <summary>The lists, those of the pivots nearest to a query first; of equally near ones always the same first.</summary>
    public ItemList[] NearestFirst(ComparedQuery query)
    {
        var cosines = new float[Keys.Length];
        query.Compare(_codes, _inverse, cosines);
        var lists = (ItemList[])Lists.Clone();
        Array.Sort(cosines, lists);
        Array.Reverse(lists);
        return lists;
    }

    /// <summary>
    /// Finds the nearest of some pivots for every row, unless what is there already is nearer. Nearness is the inner product with the
    /// pivot's unit vector: among unit vectors, the least distance. Pivots that are equally near share their items by chance, so that
    /// the list of a text that many items have is no longer than others.
    /// </summary>
    /// <param name="candidates">Places of the pivots.</param>
    /// <param name="rows">The items' vectors as they rest, row-major, at most a block.</param>
    /// <param name="keys">Their keys.</param>
    /// <param name="nearest">Places of their pivots so far; −1: none. Receives those of the nearest.</param>
    /// <param name="nearness">How near those are; −∞ where there is none.</param>
    public void Assign(
        ReadOnlySpan<int> candidates,
        ReadOnlySpan<sbyte> rows,
        ReadOnlySpan<ItemKey> keys,
        Span<int> nearest,
        Span<float> nearness)
    {
        Span<int> firsts = stackalloc int[ItemBlock.Rows];
        Span<int> seconds = stackalloc int[ItemBlock.Rows];
        for (var i = 0; i < candidates.Length; i += 2)
        {
            var (first, second) = (candidates[i], candidates[Math.Min(i + 1, candidates.Length - 1)]);
            Int8Products.Multiply(rows, _vectors[first], _vectors[second], firsts, seconds);
            Take(first, firsts, keys, nearest, nearness);
            Take(second, seconds, keys, nearest, nearness);
        }
    }

    private void Take(int pivot, ReadOnlySpan<int> products, ReadOnlySpan<ItemKey> keys, Span<int> nearest, Span<float> nearness)
    {
        for (var row = 0; row < keys.Length; row++)
        {
            var near = products[row] * _inverse[pivot];
            if (near >= nearness[row] && IsNearer(pivot, near, keys[row], nearest[row], nearness[row]))
            {
                (nearest[row], nearness[row]) = (pivot, near);
            }
        }
    }

    private bool IsNearer(int pivot, float near, ItemKey key, int other, float otherNear)
        => near > otherNear || other < 0 || Chance(key, pivot) < Chance(key, other);

    private ulong Chance(ItemKey key, int pivot) => (key.Hash ^ Keys[pivot].Hash) * 0x9E3779B97F4A7C15;
}
