using System.Numerics.Tensors;
using Strata.Numerics;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Index.Vectors;
using Strata.Ranking.Users.Core;

namespace Strata.Ranking.Candidates.Affinities;

/// <summary>
/// The user as a handful of vectors that items are compared with: their recent items, all their items, in each layer their items there,
/// and each of the last ones.
/// </summary>
internal sealed class OwnVectors
{
    /// <summary>Number of the recent items' vector.</summary>
    public const int Recent = 0;

    /// <summary>Number of all items' vector.</summary>
    public const int Centroid = 1;

    private const int FirstGroup = 2;

    private float[] _sum = [];

    /// <summary>The vectors: recent, all, layers, last items.</summary>
    public VectorBatch Vectors { get; } = new();

    /// <summary>
    /// Numbers of the layers' vectors. Each is as long as the user's share in its layer to a power: what is compared with it is weighted.
    /// </summary>
    public Range Groups { get; private set; }

    /// <summary>Numbers of the last items' vectors, newest first.</summary>
    public Range Items { get; private set; }

    /// <summary>The first of <see cref="Items"/> is the user's last item.</summary>
    public bool HasLast { get; private set; }

    /// <summary>Adds up the user's items.</summary>
    public void AddUp(CatalogueView view, UserHistory history, double layerExponent)
    {
        Array.Resize(ref _sum, view.Vectors.Dimension);
        Vectors.Begin(view.Vectors);
        AddSum(view, history, TextScores.RecentItems, history.ShortWeights, null, 1);
        AddSum(view, history, history.Count, history.LongWeights, null, 1);
        foreach (var slot in history.UserSlots.Take(UserHistory.MaxLayers))
        {
            AddSum(view, history, history.Count, history.LayerWeights, slot, Math.Pow(history.RecencyShare(slot), layerExponent));
        }

        Groups = FirstGroup..Vectors.Count;
        HasLast = history.Count > 0 && view.Vectors.RowOf(history.Items[0]) >= 0;
        for (var k = 0; k < Math.Min(TextScores.NearestItems, history.Count); k++)
        {
            if (view.Vectors.RowOf(history.Items[k]) is >= 0 and var row)
            {
                view.Vectors.Decode(row, _sum);
                Vectors.Add(_sum);
            }
        }

        Items = Groups.End..Vectors.Count;
    }

    // The weighted sum of the first items, brought to a length; only of those in a slot, when one is given.
    private void AddSum(CatalogueView view, UserHistory history, int items, ReadOnlySpan<double> weights, int? slot, double length)
    {
        Array.Clear(_sum);
        for (var k = 0; k < Math.Min(items, history.Count); k++)
        {
            if ((slot is null || history.Slots[k] == slot) && view.Vectors.RowOf(history.Items[k]) is >= 0 and var row)
            {
                view.Vectors.AddScaled(row, (float)weights[k], _sum);
            }
        }

        VectorMath.TryNormalize(_sum);
        TensorPrimitives.Multiply(_sum, (float)length, _sum);
        Vectors.Add(_sum);
    }
}
