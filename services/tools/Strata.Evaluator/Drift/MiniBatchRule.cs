namespace Strata.Evaluator.Drift;

/// <summary>
/// scikit-learn's <c>MiniBatchKMeans.partial_fit</c> (1.2): centres are means over all points ever, forgetting nothing; every 10·K points,
/// or when a cluster has never had a point, clusters with fewer than <paramref name="ratio"/> of the largest one's points are put onto
/// points of the batch drawn at random.
/// </summary>
/// <param name="clusters">K.</param>
/// <param name="dimensions">Components of a point.</param>
/// <param name="ratio">Reassignment ratio; scikit-learn's default is .01.</param>
/// <param name="random">Source of chance.</param>
internal sealed class MiniBatchRule(int clusters, int dimensions, double ratio, Random random) : IStreamClusterer
{
    private float[] _centres = [];
    private int _sinceReassignment;

    public string Name => "scikit-learn";

    public int? Moves { get; private set; } = 0;

    public ReadOnlySpan<float> Centres => _centres;

    /// <summary>Points that each centre is the mean of.</summary>
    public float[] Counts { get; } = new float[clusters];

    public void Begin(ReadOnlySpan<float> points) => Begin(points, Drift.Centres.Seeds(points, clusters, dimensions, random));

    /// <summary>Begins from given centres.</summary>
    public void Begin(ReadOnlySpan<float> points, float[] centres)
    {
        _centres = centres;
        Learn(points);
    }

    public int[] Predict(ReadOnlySpan<float> points) => Drift.Centres.Nearest(points, _centres, dimensions);

    public void Learn(ReadOnlySpan<float> points)
    {
        var isDue = IsReassignmentDue(points.Length / dimensions);
        var (counts, sums) = Drift.Centres.Sum(points, Predict(points), clusters, dimensions);
        for (var j = 0; j < clusters; j++)
        {
            for (var k = j * dimensions; counts[j] > 0 && k < (j + 1) * dimensions; k++)
            {
                _centres[k] = (float)(((_centres[k] * (double)Counts[j]) + sums[k]) / (Counts[j] + counts[j]));
            }

            Counts[j] += counts[j];
        }

        if (isDue && ratio > 0)
        {
            Reassign(points);
        }
    }

    private bool IsReassignmentDue(int points)
    {
        _sinceReassignment += points;
        if (_sinceReassignment < 10 * clusters && !Counts.Contains(0))
        {
            return false;
        }

        _sinceReassignment = 0;
        return true;
    }

    private void Reassign(ReadOnlySpan<float> points)
    {
        var n = points.Length / dimensions;
        var least = ratio * Counts.Max();
        var poor = Enumerable.Range(0, clusters).Where(j => Counts[j] < least).OrderBy(j => Counts[j]).ToList();
        poor = poor.Count > n / 2 ? poor[..(n / 2)] : poor;
        if (poor.Count == 0)
        {
            return;
        }

        var chosen = Enumerable.Range(0, n).ToArray();
        random.Shuffle(chosen);
        var count = Enumerable.Range(0, clusters).Except(poor).Min(j => Counts[j]);
        for (var i = 0; i < poor.Count; i++)
        {
            points.Slice(chosen[i] * dimensions, dimensions).CopyTo(_centres.AsSpan(poor[i] * dimensions));
            Counts[poor[i]] = count;
        }

        Moves += poor.Count;
    }
}
