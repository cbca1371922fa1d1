namespace Strata.Ranking.Slates;

/// <summary>
/// What a layer gains by having fewer positions than its share of those filled so far and the next one; below zero: more. It counts the
/// same at every position, or rises from nearly nothing at the first to twice the mean at the last: what is seen first goes by score then,
/// and the layers are evened out where that costs least.
/// </summary>
internal sealed class LayerDebts
{
    private readonly double[] _shares;
    private readonly int[] _placed;
    private readonly double _worth;
    private readonly int? _rising;
    private int _positions;

    /// <param name="layers">The shares.</param>
    /// <param name="slots">Slots of layers, "no layer" among them.</param>
    /// <param name="worth">What a position is worth in scores, in the mean over all.</param>
    /// <param name="rising">All positions, over which the worth rises; null: it is the same at every one.</param>
    public LayerDebts(LayerDistribution layers, int slots, double worth, int? rising = null)
    {
        (_shares, _placed, _worth, _rising) = (new double[slots], new int[slots], worth, rising);
        foreach (var layer in layers.Layers)
        {
            _shares[layer.Slot] = layer.Probability;
        }
    }

    public double Of(int slot)
        => _worth * (((2 * _positions) + 1.0) / _rising ?? 1) * ((_shares[slot] * (_positions + 1)) - _placed[slot]);

    /// <summary>What the layer gains that is owed most.</summary>
    public double Most()
    {
        var most = double.NegativeInfinity;
        for (var slot = 0; slot < _shares.Length; slot++)
        {
            most = Math.Max(most, Of(slot));
        }

        return most;
    }

    public void Place(int slot)
    {
        _placed[slot]++;
        _positions++;
    }
}
