using System.Numerics.Tensors;
using Strata.Numerics;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Users.Core;

namespace Strata.Ranking.Candidates.Affinities;

/// <summary>
/// The user as a handful of vectors, for catalogues too large to compare with whole: their recent items, all their items, and in each
/// layer their items there. An item is compared with what the user has in the item's own layer, which is where the largest cosines are.
/// </summary>
internal sealed class OwnVectors
{
    private readonly List<int> _slots = [];
    private CatalogueView? _view;
    private UserHistory? _history;
    private float[] _recent = [];
    private float[] _centroid = [];
    private float[] _groups = [];

    /// <summary>Adds up the user's items.</summary>
    public void AddUp(CatalogueView view, UserHistory history, double layerExponent)
    {
        (_view, _history) = (view, history);
        var dimension = view.Vectors.Dimension;
        Array.Resize(ref _recent, dimension);
        Array.Resize(ref _centroid, dimension);
        Sum(TextScores.RecentItems, history.ShortWeights, -1, _recent);
        Sum(history.Count, history.LongWeights, -1, _centroid);
        _slots.Clear();
        _slots.AddRange(history.UserSlots);
        if (_groups.Length < _slots.Count * dimension)
        {
            _groups = new float[UserHistory.Capacity * dimension];
        }

        for (var g = 0; g < _slots.Count; g++)
        {
            var group = _groups.AsSpan(g * dimension, dimension);
            Sum(history.Count, history.LayerWeights, _slots[g], group);
            TensorPrimitives.Multiply(group, (float)Math.Pow(history.RecencyShare(_slots[g]), layerExponent), group);
        }
    }

    /// <summary>Recent, centroid, layers, nearest and last score of a vector in a layer.</summary>
    public (float Recent, float Centroid, float Layers, float Nearest, float Last) Compare(ReadOnlySpan<float> vector, int slot)
    {
        var (view, history, nearest, group) = (_view!, _history!, 0f, _slots.IndexOf(slot));
        for (var k = 0; group >= 0 && k < Math.Min(TextScores.NearestItems, history.Count); k++)
        {
            if (history.Slots[k] == slot && view.Vectors.RowOf(history.Items[k]) is >= 0 and var own)
            {
                nearest = Math.Max(nearest, VectorMath.Dot(vector, view.Vectors.Vector(own)));
            }
        }

        var last = history.Count > 0 ? view.Vectors.RowOf(history.Items[0]) : -1;
        return (
            VectorMath.Dot(vector, _recent),
            VectorMath.Dot(vector, _centroid),
            group < 0 ? 0 : Math.Max(0, VectorMath.Dot(vector, _groups.AsSpan(group * vector.Length, vector.Length))),
            nearest,
            last >= 0 ? VectorMath.Dot(vector, view.Vectors.Vector(last)) : 0);
    }

    // The unit vector of the weighted sum of the first items; only of those in a slot, when one is given.
    private void Sum(int items, ReadOnlySpan<double> weights, int slot, Span<float> sum)
    {
        sum.Clear();
        for (var k = 0; k < Math.Min(items, _history!.Count); k++)
        {
            if ((slot < 0 || _history.Slots[k] == slot) && _view!.Vectors.RowOf(_history.Items[k]) is >= 0 and var row)
            {
                VectorMath.AddScaled(sum, _view.Vectors.Vector(row), (float)weights[k]);
            }
        }

        VectorMath.TryNormalize(sum);
    }
}
