namespace Strata.Ranking.Slates;

/// <summary>
/// What a layer gains by having fewer positions than its share of those filled so far and the next one; below zero: more.
/// </summary>
internal sealed class LayerDebts
{
    private readonly double[] _shares;
    private readonly int[] _placed;
    private readonly double _worth;
    private int _positions;

    /// <param name="layers">The shares.</param>
    /// <param name="slots">Slots of layers, "no layer" among them.</param>
    /// <param name="worth">What a position is worth, in scores.</param>
    public LayerDebts(LayerDistribution layers, int slots, double worth)
    {
        (_shares, _placed, _worth) = (new double[slots], new int[slots], worth);
        foreach (var layer in layers.Layers)
        {
            _shares[layer.Slot] = layer.Probability;
        }
    }

    public double Of(int slot) => _worth * ((_shares[slot] * (_positions + 1)) - _placed[slot]);

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
