using Strata.Contracts.Layers.V1;
using Strata.Numerics;

namespace Strata.Ranking.Index.Layers;

/// <summary>One version of the segments of users, in the space of the layers. Immutable.</summary>
public sealed class SegmentView
{
    /// <summary>Reads what was published; the bounds of the message hold.</summary>
    public SegmentView(SegmentSet published)
    {
        ArgumentNullException.ThrowIfNull(published);
        var byId = published.Segments.ToDictionary(segment => segment.LayerId);
        Set = new LayerView(
            published.Set ?? new LayerSetMarker(),
            [.. (published.Set?.LayerIds ?? []).Where(byId.ContainsKey).Select(id => byId[id])]);
        var users = new byte[DistinctCount.Registers];
        foreach (var sketch in new[] { published.Users, published.UsersBefore }.Where(sketch => sketch.Length == users.Length))
        {
            DistinctCount.Unite(users, sketch.Span);
        }

        Users = DistinctCount.Estimate(users);
    }

    /// <summary>There are none yet.</summary>
    public static SegmentView None { get; } = new(new SegmentSet());

    /// <summary>The segments, as layers among users.</summary>
    public LayerView Set { get; }

    /// <summary>How many users acted of late.</summary>
    public double Users { get; }

    /// <summary>Segments.</summary>
    public int Count => Set.Count;

    /// <summary>They lie where these layers do: another encoder's are of another space.</summary>
    public bool AreOf(LayerView layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        return Count > 0 && Set.Encoder == layers.Encoder && Set.Dimension == layers.Dimension;
    }

    /// <summary>What a segment weighs now: layers that absorb nothing are not published again, and their sums are as of then.</summary>
    public double WeightOf(int slot)
    {
        var (segment, marker) = (Set[slot]!, Set.Marker);
        var since = (double)(marker.Points - Math.Min(marker.Points, segment.AsOfPoints));
        return segment.Weight * (marker.HalfLifePoints > 0 ? double.Exp2(-since / marker.HalfLifePoints) : 1);
    }
}
