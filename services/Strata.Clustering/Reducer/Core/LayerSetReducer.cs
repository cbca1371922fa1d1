using System.Globalization;
using System.Runtime.InteropServices;
using Strata.Clustering.Layers;
using Strata.Numerics;

namespace Strata.Clustering.Reducer.Core;

/// <summary>
/// Applies deltas to a layer set: with a = 2^(−points / half-life), W = aW + n, S = aS + s, U = aU + u, Q = aQ + q, centroid = S / ‖S‖
/// (design.md section 6); where the catalogue weighs, centroid = (C + p·S) / ‖·‖ with C the sum of its items and
/// p = min(1, items / W). A delta without points decays nothing.
/// </summary>
public static class LayerSetReducer
{
    /// <summary>
    /// The set after <paramref name="delta"/>. A delta counts iff it begins where the last one of its partition's log ended; one that was
    /// there before changes nothing; one that leaves a gap or overlaps throws. The first delta of a log may begin anywhere. With
    /// <paramref name="acrossGaps"/> the points in a gap are lost and the delta counts; of one that overlaps, which cannot be taken apart,
    /// only the position counts, so that no point counts twice.
    /// </summary>
    /// <exception cref="LayerDeltaGapException">The delta does not follow the last one.</exception>
    public static (LayerSet Set, LayerDeltaOutcome Outcome) Apply(LayerSet set, LayerDelta delta, bool acrossGaps = false)
    {
        var overlaps = false;
        if (set.Positions.TryGetValue(delta.Partition, out var position) && position.Log == delta.Log && delta.From != position.Next)
        {
            if (delta.To <= position.Next)
            {
                return (set, LayerDeltaOutcome.Duplicate);
            }

            overlaps = delta.From < position.Next;
            if (!acrossGaps)
            {
                throw new LayerDeltaGapException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"partition {delta.Partition}: the delta holds offsets [{delta.From}, {delta.To}) where {position.Next} is next"));
            }
        }

        var moved = set with
        {
            Version = set.Version + 1,
            Positions = set.Positions.SetItem(delta.Partition, new LogPosition(delta.Log, delta.To)),
        };
        return delta.Seeding == set.Seeding && !overlaps
            ? (Absorb(moved, delta), LayerDeltaOutcome.Applied)
            : (moved, LayerDeltaOutcome.Foreign);
    }

    private static LayerSet Absorb(LayerSet set, LayerDelta delta)
    {
        set = set with
        {
            Points = set.Points + (ulong)delta.Points,
            EventTimeUnixMs = Math.Max(set.EventTimeUnixMs, delta.EventTimeUnixMs),
        };
        if (delta.Entries.Count == 0)
        {
            return set;
        }

        var layers = set.Layers.ToArray();
        var centroids = set.Centroids.ToArray();
        foreach (var entry in delta.Entries)
        {
            if (entry.Sum.Length != set.Dimensions)
            {
                throw new InvalidDataException(
                    $"layer {entry.LayerId}: a sum of {entry.Sum.Length} dimensions where the set has {set.Dimensions}");
            }

            var index = set.IndexOf(entry.LayerId);
            var lives = index >= 0;
            index = lives ? index : HeirOf(set, entry);
            layers[index] = Add(set, layers[index], entry, lives, delta.EventTimeUnixMs);
            UnitCentroid.Write(layers[index], centroids.AsSpan(index * set.Dimensions, set.Dimensions));
        }

        return set with { Layers = ImmutableCollectionsMarshal.AsImmutableArray(layers), Centroids = centroids };
    }

    private static LayerState Add(LayerSet set, LayerState layer, LayerDeltaEntry entry, bool lives, long eventTimeUnixMs)
    {
        var left = set.DecaySince(layer.AsOfPoints);
        var sum = GC.AllocateUninitializedArray<double>(set.Dimensions);
        FixedPoint.MultiplyAdd(layer.Sum.Span, left, entry.Sum.Span, sum);
        return layer with
        {
            Version = set.Version,
            Weight = (left * layer.Weight) + entry.Points,
            Sum = sum,
            // How much a layer that is gone was needed says nothing about its heir.
            Need = (left * layer.Need) + (lives ? FixedPoint.ToDouble(entry.Need) : 0),
            Error = (left * layer.Error) + FixedPoint.ToDouble(entry.Error),
            AsOfPoints = set.Points,
            Points = layer.Points + (ulong)entry.Points,
            Series = layer.Series.Add(eventTimeUnixMs, entry.Points),
        };
    }

    /// <summary>
    /// Points assigned by an older version to a layer that has moved since belong to whoever lives nearest to where they lie.
    /// </summary>
    private static int HeirOf(LayerSet set, LayerDeltaEntry entry)
    {
        var direction = new float[set.Dimensions];
        for (var k = 0; k < direction.Length; k++)
        {
            direction[k] = (float)FixedPoint.ToDouble(entry.Sum.Span[k]);
        }

        return set.NearestTo(direction);
    }
}
