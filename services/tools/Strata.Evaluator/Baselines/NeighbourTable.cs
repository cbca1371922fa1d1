using System.Numerics.Tensors;

namespace Strata.Evaluator.Baselines;

/// <summary>
/// Weights between items, bounded per item; a full list replaces its smallest entry. Weights are forward-decayed: what is added at time t
/// weighs 2^((t − start) / half-life), and every comparison is between weights of one moment. A double holds a thousand half-lives.
/// </summary>
internal sealed class NeighbourTable(int items, int capacity, double halfLifeMs, long startMs)
{
    private readonly int[]?[] _neighbours = new int[]?[items];
    private readonly double[]?[] _weights = new double[]?[items];
    private readonly int[] _counts = new int[items];
    private readonly double[] _totals = new double[items];

    public ReadOnlySpan<int> Neighbours(int item) => _neighbours[item].AsSpan(0, _counts[item]);

    /// <summary>Their weights, in units of <see cref="UnitAt"/>.</summary>
    public ReadOnlySpan<double> Weights(int item) => _weights[item].AsSpan(0, _counts[item]);

    /// <summary>Sum of what was added by <see cref="Count"/>.</summary>
    public double Total(int item) => _totals[item];

    /// <summary>What 1 added now weighs.</summary>
    public double UnitAt(long timeMs) => double.IsPositiveInfinity(halfLifeMs) ? 1 : double.Exp2((timeMs - startMs) / halfLifeMs);

    /// <summary>Adds to an item's total.</summary>
    public void Count(int item, double weight) => _totals[item] += weight;

    /// <summary>Adds to a neighbour's weight.</summary>
    public void Add(int item, int neighbour, double weight)
    {
        var neighbours = _neighbours[item] ??= new int[8];
        var weights = _weights[item] ??= new double[8];
        var at = Neighbours(item).IndexOf(neighbour);
        if (at >= 0)
        {
            weights[at] += weight;
            return;
        }

        at = _counts[item];
        if (at == capacity)
        {
            at = TensorPrimitives.IndexOfMin<double>(weights.AsSpan(0, capacity));
        }
        else
        {
            if (at == neighbours.Length)
            {
                Array.Resize(ref _neighbours[item], Math.Min(capacity, at * 2));
                Array.Resize(ref _weights[item], Math.Min(capacity, at * 2));
            }

            _counts[item]++;
        }

        (_neighbours[item]![at], _weights[item]![at]) = (neighbour, weight);
    }
}
