using System.Runtime.InteropServices;
using Strata.Clustering.Assignment;
using Strata.Clustering.Layers;
using Strata.Numerics;

namespace Strata.Clustering.Interests.Core;

/// <summary>
/// How a point changes its user's weights. Pure: time is the point's own. Weights are sums, each point's share decayed to the newest event
/// time, so the order in which points arrive makes no difference while there are at most sixteen layers.
/// </summary>
public static class Interest
{
    // A shop whose ids are longer does without what they say.
    private const int LongestTouchedId = 64;

    // Weights below this at both horizons are gone: a hundred-thousandth of the weakest event.
    private const float Least = 1e-6f;

    /// <summary>
    /// Adds the point's weight, divided over its three nearest layers by the softmax of their cosines, at both horizons. Weights decay to
    /// the newest event time; a late point decays by itself to that time. A dismissal takes away, also from a layer that has nothing yet:
    /// whether it comes before or after what it speaks against, the sum is the same. Whoever looks takes a weight below zero as none. The
    /// sixteen layers with the largest long weights stay.
    /// </summary>
    /// <param name="itemId">The item that the point stands for, of a search the one that answers it best; null: none is known.</param>
    public static UserWeights Add(
        UserWeights user,
        LayerSet set,
        in Nearest nearest,
        float weight,
        long eventTimeUnixMs,
        InterestsOptions options,
        string? itemId = null)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(options);
        // With nothing to decay the point sets the clock.
        var asOf = user == UserWeights.Empty ? eventTimeUnixMs : Math.Max(user.AsOfUnixMs, eventTimeUnixMs);
        var entries = Decayed(user, asOf, options);
        var late = asOf - eventTimeUnixMs;
        var longWeight = weight * Decay.Factor(late, options.LongHalfLife);
        var shortWeight = weight * Decay.Factor(late, options.ShortHalfLife);
        Span<(int Index, float Cosine)> targets =
            [(nearest.First, nearest.FirstCosine), (nearest.Second, nearest.SecondCosine), (nearest.Third, nearest.ThirdCosine)];
        var touched = default(Touched).With(weight > 0 && itemId?.Length <= LongestTouchedId ? itemId : null);
        var total = 0.0;
        foreach (var (index, cosine) in targets)
        {
            total += index < 0 ? 0 : Math.Exp((cosine - nearest.FirstCosine) / options.Temperature);
        }

        foreach (var (index, cosine) in targets)
        {
            if (index >= 0)
            {
                var share = Math.Exp((cosine - nearest.FirstCosine) / options.Temperature) / total;
                Raise(entries, set.Layers[index].Id, longWeight * share, shortWeight * share, touched);
            }
        }

        return new UserWeights(Kept(entries), asOf, set.Version);
    }

    /// <summary>The weights of both, as if one user had done what two did. Of both the set knows all layers.</summary>
    public static UserWeights Merge(UserWeights user, UserWeights other, LayerSet set, InterestsOptions options)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(other);
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(options);
        var asOf = Math.Max(user.AsOfUnixMs, other.AsOfUnixMs);
        var entries = Decayed(user, asOf, options);
        foreach (var entry in Decayed(other, asOf, options))
        {
            Raise(entries, entry.LayerId, entry.LongTerm, entry.ShortTerm, entry.Touched);
        }

        return new UserWeights(Kept(entries), asOf, set.Version);
    }

    /// <summary>
    /// Moves the weights on layers that are gone to their heirs: to each in the share of the items touched there that are nearest to it;
    /// where none of them is in the catalogue, in its share of the items of all. Layers of which the set knows nothing any more are
    /// dropped; those of which it knows nothing yet stay (another process was further). Returns the same object when nothing moves.
    /// </summary>
    /// <param name="vectorOf">Raw vector of an item of the catalogue; null: there is none.</param>
    public static UserWeights Inherit(UserWeights user, LayerSet set, Func<string, Int8Vector?> vectorOf)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(vectorOf);
        if (user.Entries.All(entry => Stays(entry.LayerId)))
        {
            return user;
        }

        var entries = new List<LayerWeight>(UserWeights.Limit + 3);
        foreach (var entry in user.Entries)
        {
            if (Stays(entry.LayerId))
            {
                Raise(entries, entry.LayerId, entry.LongTerm, entry.ShortTerm, entry.Touched);
                continue;
            }

            var heirs = set.Lineage.HeirsOf(entry.LayerId);
            var parts = Divide(entry.Touched, set, heirs, vectorOf);
            var all = parts.Sum(static part => part.Count);
            for (var i = 0; i < parts.Length; i++)
            {
                var share = all > 0 ? (double)parts[i].Count / all : heirs[i].Share;
                Raise(entries, heirs[i].Live, entry.LongTerm * share, entry.ShortTerm * share, parts[i]);
            }
        }

        return new UserWeights(Kept(entries), user.AsOfUnixMs, set.Version);

        bool Stays(uint layerId) => layerId >= set.NextLayerId || set.IndexOf(layerId) >= 0;
    }

    /// <summary>Which of the items go with which heir: the nearest to each.</summary>
    private static Touched[] Divide(Touched touched, LayerSet set, IReadOnlyList<Heir> heirs, Func<string, Int8Vector?> vectorOf)
    {
        var parts = new Touched[heirs.Count];
        var centred = new float[set.Dimensions];
        foreach (var id in touched.ItemIds)
        {
            if (parts.Length > 0 && vectorOf(id) is { } vector && vector.Dimensions == centred.Length
                && vector.TryCentre(set.Mean.Span, centred))
            {
                var nearest = Enumerable.Range(0, parts.Length)
                    .MaxBy(i => VectorMath.Dot(set.Centroid(set.IndexOf(heirs[i].Live)), centred));
                parts[nearest] = parts[nearest].With(id);
            }
        }

        return parts;
    }

    private static List<LayerWeight> Decayed(UserWeights user, long asOf, InterestsOptions options)
    {
        var entries = new List<LayerWeight>(UserWeights.Limit + 3);
        var longLeft = Decay.Factor(asOf - user.AsOfUnixMs, options.LongHalfLife);
        var shortLeft = Decay.Factor(asOf - user.AsOfUnixMs, options.ShortHalfLife);
        foreach (var entry in user.Entries)
        {
            entries.Add(entry with { LongTerm = (float)(entry.LongTerm * longLeft), ShortTerm = (float)(entry.ShortTerm * shortLeft) });
        }

        return entries;
    }

    private static void Raise(List<LayerWeight> entries, uint layerId, double longWeight, double shortWeight, Touched touched)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i].LayerId == layerId)
            {
                entries[i] = new LayerWeight(
                    layerId,
                    (float)(entries[i].LongTerm + longWeight),
                    (float)(entries[i].ShortTerm + shortWeight),
                    entries[i].Touched.With(touched));
                return;
            }
        }

        entries.Add(new LayerWeight(layerId, (float)longWeight, (float)shortWeight, touched));
    }

    private static LayerWeight[] Kept(List<LayerWeight> entries)
    {
        entries.RemoveAll(static entry => Math.Abs(entry.LongTerm) < Least && Math.Abs(entry.ShortTerm) < Least);
        entries.Sort(static (a, b) => a.LongTerm != b.LongTerm ? b.LongTerm.CompareTo(a.LongTerm) : a.LayerId.CompareTo(b.LayerId));
        return entries.Count <= UserWeights.Limit
            ? entries.ToArray()
            : CollectionsMarshal.AsSpan(entries)[..UserWeights.Limit].ToArray();
    }
}
