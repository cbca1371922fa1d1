using Strata.Clustering.Assignment;

namespace Strata.Clustering.Seeding;

/// <summary>
/// Takes a batch clustering out of poor local optima: the centroids that are needed least go where a cluster saves most by being two, a few
/// Lloyd steps settle the rest, and the result stays if Σ (1 − cosine) is less. The idea is that of random swap (Fränti 2018) and of the
/// local search after k-means++ (Lattanzi and Sohler 2019), with what goes and what comes chosen by what it costs and saves.
/// </summary>
internal sealed class CentroidReassignment
{
    private const int SettlingSteps = 5;

    // A first attempt reassigns one centroid in so many.
    private const int FirstShare = 8;

    // What goes is taken by its neighbours, which then turn towards it, and what is split settles further: the true cost is less than the
    // need says, so some apparent losses are tried.
    private const double Slack = .6;

    // An attempt must save more than rounding.
    private const double Improvement = 1e-6;

    private readonly float[] _centroids;
    private readonly int _d;
    private readonly double _error;
    private readonly double[] _need;
    private readonly double[] _saving;
    private readonly float[]?[] _halves;
    private readonly HashSet<int> _stays = [];

    private CentroidReassignment(ReadOnlySpan<float> points, int d, float[] centroids, Nearest[] nearest, double error, Random random)
    {
        (_centroids, _d, _error) = (centroids, d, error);
        var count = centroids.Length / d;
        _need = new double[count];
        _saving = new double[count];
        _halves = new float[]?[count];
        var errors = new double[count];
        var members = new int[count];
        foreach (var point in nearest)
        {
            _need[point.First] += point.Need;
            errors[point.First] += point.Error;
            members[point.First]++;
        }

        var clusters = Array.ConvertAll(members, size => new float[size * d]);
        Array.Clear(members);
        for (var i = 0; i < nearest.Length; i++)
        {
            points.Slice(i * d, d).CopyTo(clusters[nearest[i].First].AsSpan(members[nearest[i].First]++ * d));
        }

        for (var cluster = 0; cluster < count; cluster++)
        {
            if (members[cluster] > 1 && TwoMeans.Fit(clusters[cluster], d, random) is var (halves, cosines))
            {
                _halves[cluster] = halves;
                _saving[cluster] = errors[cluster] - (2 * (members[cluster] - cosines));
            }
        }
    }

    /// <summary>
    /// The better of <paramref name="centroids"/> (row-major unit vectors) and what up to <paramref name="attempts"/> reassignments make of
    /// them.
    /// </summary>
    /// <param name="points">Row-major unit vectors.</param>
    /// <param name="d">Their dimensions.</param>
    /// <param name="centroids">Not changed.</param>
    /// <param name="attempts">Most attempts, each of a few Lloyd steps over all points.</param>
    /// <param name="random">Source of chance.</param>
    /// <param name="nearest">Space for one entry a point.</param>
    public static float[] Improve(ReadOnlySpan<float> points, int d, float[] centroids, int attempts, Random random, Nearest[] nearest)
    {
        var width = Math.Max(1, centroids.Length / d / FirstShare);
        var best = attempts == 0
            ? null
            : new CentroidReassignment(points, d, centroids, nearest, SphericalKMeans.ErrorOf(points, d, centroids, nearest), random);
        for (; attempts > 0 && best!.Pairs(width) is { Count: > 0 } pairs; attempts--)
        {
            var trial = best.Reassigned(pairs);
            SphericalKMeans.Lloyd(points, d, trial, SettlingSteps, nearest);
            var error = SphericalKMeans.ErrorOf(points, d, trial, nearest);
            if (error < best._error * (1 - Improvement))
            {
                best = new CentroidReassignment(points, d, trial, nearest, error, random);
                continue;
            }

            width = Math.Max(1, pairs.Count / 2);
            if (pairs.Count == 1)
            {
                best._stays.Add(pairs[0].Goes);
            }
        }

        return best is null ? centroids : best._centroids;
    }

    /// <summary>The least needed with the most that a split saves, and so on, for as long as that may pay.</summary>
    private List<(int Goes, int Splits)> Pairs(int most)
    {
        var pairs = new List<(int, int)>();
        var taken = new HashSet<int>(_stays);
        using var splits = Enumerable.Range(0, _saving.Length).Where(cluster => _halves[cluster] is not null)
            .OrderByDescending(cluster => _saving[cluster]).GetEnumerator();
        foreach (var goes in Enumerable.Range(0, _need.Length).OrderBy(cluster => _need[cluster]))
        {
            if (taken.Contains(goes) || !taken.Add(goes))
            {
                continue;
            }

            do
            {
                if (pairs.Count == most || !splits.MoveNext() || _saving[splits.Current] <= Slack * _need[goes])
                {
                    return pairs;
                }
            }
            while (!taken.Add(splits.Current));

            pairs.Add((goes, splits.Current));
        }

        return pairs;
    }

    private float[] Reassigned(List<(int Goes, int Splits)> pairs)
    {
        var trial = (float[])_centroids.Clone();
        foreach (var (goes, splits) in pairs)
        {
            _halves[splits].AsSpan(0, _d).CopyTo(trial.AsSpan(splits * _d));
            _halves[splits].AsSpan(_d, _d).CopyTo(trial.AsSpan(goes * _d));
        }

        return trial;
    }
}
