namespace Strata.Evaluator.Drift;

/// <summary>
/// Spark MLlib's <c>StreamingKMeansModel.update</c>: weights decay by a factor a batch, a centre moves by its share of new points, and a
/// cluster with less than 1e-8 of the largest one's weight is put beside that one, 1e-14 away.
/// </summary>
/// <param name="clusters">K.</param>
/// <param name="dimensions">Components of a point.</param>
/// <param name="decay">Factor a batch.</param>
/// <param name="random">Source of chance.</param>
internal sealed class SparkRule(int clusters, int dimensions, double decay, Random random) : IStreamClusterer
{
    private readonly double[] _weights = new double[clusters];
    private double[] _centres = [];
    private float[] _rounded = [];

    public string Name => "Spark";

    public int? Moves { get; private set; } = 0;

    public ReadOnlySpan<float> Centres => _rounded;

    /// <summary>Decayed number of points of each centre.</summary>
    public IReadOnlyList<double> Weights => _weights;

    public void Begin(ReadOnlySpan<float> points) => Begin(points, Drift.Centres.Seeds(points, clusters, dimensions, random));

    /// <summary>Begins from given centres, which weigh nothing.</summary>
    public void Begin(ReadOnlySpan<float> points, float[] centres)
    {
        _centres = [.. centres.Select(x => (double)x)];
        _rounded = centres;
        Learn(points);
    }

    public int[] Predict(ReadOnlySpan<float> points) => Drift.Centres.Nearest(points, _rounded, dimensions);

    public void Learn(ReadOnlySpan<float> points)
    {
        var (counts, sums) = Drift.Centres.Sum(points, Predict(points), clusters, dimensions);
        for (var j = 0; j < clusters; j++)
        {
            _weights[j] *= decay;
            if (counts[j] == 0)
            {
                continue;
            }

            _weights[j] += counts[j];
            var share = counts[j] / Math.Max(_weights[j], 1e-16);
            for (var k = j * dimensions; k < (j + 1) * dimensions; k++)
            {
                _centres[k] = (_centres[k] * (1 - share)) + (sums[k] * share / counts[j]);
            }
        }

        SplitLargest();
        _rounded = [.. _centres.Select(x => (float)x)];
    }

    private void SplitLargest()
    {
        var (largest, smallest) = (Array.IndexOf(_weights, _weights.Max()), Array.IndexOf(_weights, _weights.Min()));
        if (_weights[smallest] >= 1e-8 * _weights[largest])
        {
            return;
        }

        _weights[largest] = _weights[smallest] = (_weights[largest] + _weights[smallest]) / 2;
        for (var k = 0; k < dimensions; k++)
        {
            var x = _centres[(largest * dimensions) + k];
            var step = 1e-14 * Math.Max(Math.Abs(x), 1);
            (_centres[(largest * dimensions) + k], _centres[(smallest * dimensions) + k]) = (x + step, x - step);
        }

        Moves++;
    }
}
