using Strata.Numerics;

namespace Strata.Clustering.Layers;

/// <summary>What moves are judged on: recent points, each with the layer that it lies in.</summary>
internal sealed class MoveEvidence
{
    // A new topic shows as error; a pair of rare ones in one layer does not, so the other layers are looked at in turn.
    private const int MostInError = 16;
    private const ulong Turns = 4;

    private readonly LayerSet _set;
    private readonly float[] _points;
    private readonly double[] _needs;
    private readonly double[] _errors;
    private readonly List<int>[] _members;

    /// <param name="set">The layers.</param>
    /// <param name="points">Recent points, centred, row-major, in an order that is the same for the same log.</param>
    public MoveEvidence(LayerSet set, float[] points)
    {
        (_set, _points, _needs, _errors) = (set, points, new double[set.Count], new double[set.Count]);
        _members = [.. Enumerable.Range(0, set.Count).Select(_ => new List<int>())];
        var nearest = new Nearest[points.Length / set.Dimensions];
        new Assigner(set).Assign(points, nearest);
        for (var i = 0; i < nearest.Length; i++)
        {
            _needs[nearest[i].First] += nearest[i].Need;
            _errors[nearest[i].First] += nearest[i].Error;
            _members[nearest[i].First].Add(i);
        }
    }

    /// <summary>Centres raw points by the set's mean; those that have no direction are left out.</summary>
    public static float[] Centre(LayerSet set, IReadOnlyList<Int8Vector> samples)
    {
        var points = new float[samples.Count * set.Dimensions];
        var count = 0;
        foreach (var sample in samples)
        {
            if (sample.Dimensions == set.Dimensions && sample.TryCentre(set.Mean.Span, points.AsSpan(count * set.Dimensions, set.Dimensions)))
            {
                count++;
            }
        }

        return points[..(count * set.Dimensions)];
    }

    /// <summary>What would be lost without the layer at <paramref name="index"/>: Σ (d2² − d1²).</summary>
    public double NeedOf(int index) => _needs[index];

    /// <summary>Of the <paramref name="layers"/> the one that is needed least; ties to the lower id; negative when there is none.</summary>
    public int LeastNeeded(IEnumerable<int> layers) => layers.DefaultIfEmpty(-1).MinBy(i => i < 0 ? 0 : _needs[i]);

    /// <summary>
    /// Of the <paramref name="parents"/> with enough members, the one whose split saves most; null when none saves more than <paramref name="leastGain"/>. Those with the largest errors are tried
    /// in any epoch, every other one in one epoch of four.
    /// </summary>
    public Split? BestSplit(IEnumerable<int> parents, int leastMembers, double leastGain)
    {
        Split? best = null;
        var tried = parents.Where(i => _members[i].Count >= leastMembers)
            .OrderByDescending(i => _errors[i]).ThenBy(i => i)
            .Where((i, rank) => rank < MostInError || (ulong)i % Turns == _set.Epoch % Turns);
        foreach (var parent in tried)
        {
            best = Split.Fit(_set, parent, [.. _members[parent]], _points, best?.Gain ?? leastGain) ?? best;
        }

        return best;
    }
}
