using Strata.Contracts.State.V1;
using Strata.Numerics;
using Strata.Ranking.Index.Core;

namespace Strata.Ranking.Users.Core;

/// <summary>
/// The segment that a user's row lies in, as Clustering groups rows: the sum of the centres of their layers by what they weigh. It is said
/// anew whenever it is asked for and kept nowhere, so who has no row, or does not want to be known, has none. Pure.
/// </summary>
public static class UserSegment
{
    /// <summary>Slot of the segment; −1: the user has no weights, or there are no segments.</summary>
    public static int SlotOf(CatalogueView view, UserLayers? stored, LayerControls controls)
    {
        ArgumentNullException.ThrowIfNull(view);
        if (!view.Segments.AreOf(view.Layers))
        {
            return -1;
        }

        Span<float> row = view.Layers.Dimension <= 2048 ? stackalloc float[view.Layers.Dimension] : new float[view.Layers.Dimension];
        row.Clear();
        foreach (var interest in StoredInterests.Of(view, stored, controls))
        {
            VectorMath.AddScaled(row, view.Layers.Centroid(interest.Slot), (float)Math.Max(0, interest.LongTerm));
        }

        return VectorMath.TryNormalize(row) ? view.Segments.Set.Nearest(row) : -1;
    }
}
