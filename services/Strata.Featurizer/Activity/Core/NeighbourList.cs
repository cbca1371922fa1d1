using System.Numerics.Tensors;

namespace Strata.Featurizer.Activity.Core;

/// <summary>
/// The heaviest neighbours of an item, bounded. All weights are as of one moment, which the owner moves with <see cref="Scale"/>, so that
/// they can be compared as they are.
/// </summary>
internal sealed class NeighbourList(int capacity)
{
    private int[] _items = [];
    private double[] _weights = [];

    public int Count { get; private set; }

    public ReadOnlySpan<int> Items => _items.AsSpan(0, Count);

    public ReadOnlySpan<double> Weights => _weights.AsSpan(0, Count);

    public void Scale(double factor)
    {
        if (Count > 0)
        {
            TensorPrimitives.Multiply(Weights, factor, _weights.AsSpan(0, Count));
        }
    }

    /// <summary>
    /// Adds to a neighbour. A new one takes the place of the smallest (the earliest among equals) when the list is full, whatever that
    /// weighs: else no newcomer ever got in.
    /// </summary>
    public void Add(int item, double weight)
    {
        var at = Items.IndexOf(item);
        if (at >= 0)
        {
            _weights[at] += weight;
        }
        else if (Count < capacity)
        {
            Grow();
            _items[Count] = item;
            _weights[Count] = weight;
            Count++;
        }
        else
        {
            at = TensorPrimitives.IndexOfMin(Weights);
            _items[at] = item;
            _weights[at] = weight;
        }
    }

    private void Grow()
    {
        if (Count == _items.Length)
        {
            var size = Math.Min(capacity, Math.Max(4, Count * 2));
            Array.Resize(ref _items, size);
            Array.Resize(ref _weights, size);
        }
    }
}
