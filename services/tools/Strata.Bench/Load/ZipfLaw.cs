namespace Strata.Bench.Load;

/// <summary>Draws ranks from 0 on by Zipf's law: rank k with a probability that goes with 1 / (k + 1)^exponent.</summary>
internal sealed class ZipfLaw
{
    private readonly double[] _upTo;

    public ZipfLaw(int ranks, double exponent)
    {
        _upTo = new double[ranks];
        var sum = 0.0;
        for (var rank = 0; rank < ranks; rank++)
        {
            _upTo[rank] = sum += Math.Pow(rank + 1, -exponent);
        }
    }

    public int Draw(Random random)
    {
        var found = Array.BinarySearch(_upTo, random.NextDouble() * _upTo[^1]);
        return Math.Min(found >= 0 ? found + 1 : ~found, _upTo.Length - 1);
    }
}
