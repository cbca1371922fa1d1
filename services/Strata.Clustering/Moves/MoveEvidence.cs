using Strata.Clustering.Assignment;
using Strata.Clustering.Layers;
using Strata.Numerics;

namespace Strata.Clustering.Moves;

/// <summary>What moves are judged on: recent points, each with the layer that it lies in.</summary>
internal sealed class MoveEvidence
{
    // A new topic shows as error; a pair of rare ones in one layer does not, so the other layers are looked at in turn.
    private const int MostInError = 16;
    private const ulong Turns = 4;

    private readonly LayerSet _set;
    private readonly CentredPoints _points;
    private readonly double[] _needs;
    private readonly double[] _errors;
    private readonly List<int>[] _members;

    public MoveEvidence(LayerSet set, CentredPoints points)
    {
        (_set, _points, _needs, _errors) = (set, points, new double[set.Count], new double[set.Count]);
        _members = [.. Enumerable.Range(0, set.Count).Select(_ => new List<int>())];
        var nearest = new Nearest[points.Rows.Length / set.Dimensions];
        new Assigner(set).Assign(points.Rows.Span, nearest);
        foreach (var row in points.Order)
        {
            _needs[nearest[row].First] += nearest[row].Need;
            _errors[nearest[row].First] += nearest[row].Error;
            _members[nearest[row].First].Add(row);
        }
    }

    /// <summary>What would be lost without the layer at <paramref name="index"/>: Σ (d2² − d1²).</summary>
    public double NeedOf(int index) => _needs[index];

    /// <summary>Of the <paramref name="layers"/> the one that is needed least; ties to the lower id; negative when there is none.</summary>
    public int LeastNeeded(IEnumerable<int> layers) => layers.DefaultIfEmpty(-1).MinBy(i => i < 0 ? 0 : _needs[i]);

    /// <summary>
    /// Of the <paramref name="parents"/> with enough members, the one whose split saves most; null when none saves more than
    /// <paramref name="leastGain"/>. Those with the largest errors are tried in any epoch, every other one in one epoch of four.
    /// </summary>
    public Split? BestSplit(IEnumerable<int> parents, int leastMembers, double leastGain)
    {
        Split? best = null;
        var tried = parents.Where(i => _members[i].Count >= leastMembers)
            .OrderByDescending(i => _errors[i]).ThenBy(i => i)
            .Where((i, rank) => rank < MostInError || (ulong)i % Turns == _set.Epoch % Turns);
        foreach (var parent in tried)
        {
            var split = Split.Fit(_set, parent, _members[parent], _points.Rows.Span, best?.Gain ?? leastGain);
            best = split is not null && LeavesItems(split) ? split : best;
        }

        return best;
    }

    // A layer is a part of the catalogue: what has no items is none.
    private bool LeavesItems(Split split)
    {
        if (_points.Items == 0)
        {
            return true;
        }

        var (first, second) = (0, 0);
        foreach (var row in _members[split.Parent].Where(row => row < _points.Items))
        {
            var point = _points.Rows.Span.Slice(row * _set.Dimensions, _set.Dimensions);
            var isFirst = VectorMath.Dot(point, split.First.Centroid) >= VectorMath.Dot(point, split.Second.Centroid);
            (first, second) = isFirst ? (first + 1, second) : (first, second + 1);
        }

        return Math.Min(first, second) >= LayersOptions.LeastItems;
    }
}
