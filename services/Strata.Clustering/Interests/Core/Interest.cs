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
    // Weights below this at both horizons are gone: a hundred-thousandth of the weakest event.
    private const float Least = 1e-6f;

    /// <summary>
    /// Adds the point's weight, divided over its three nearest layers by the softmax of their cosines, at both horizons. Weights decay to
    /// the newest event time; a late point decays by itself to that time. A dismissal takes away, also from a layer that has nothing yet:
    /// whether it comes before or after what it speaks against, the sum is the same. Whoever looks takes a weight below zero as none. The
    /// sixteen layers with the largest long weights stay.
    /// </summary>
    public static UserWeights Add(
        UserWeights user, LayerSet set, in Nearest nearest, float weight, long eventTimeUnixMs, InterestsOptions options)
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
                Raise(entries, set.Layers[index].Id, longWeight * share, shortWeight * share);
            }
        }

        return new UserWeights(Kept(entries), asOf, set.Version);
    }

    /// <summary>
    /// Moves the weights on layers that are gone to their heirs. Layers of which the set knows nothing any more are dropped; those of which
    /// it knows nothing yet stay (another process was further). Returns the same object when nothing moves.
    /// </summary>
    public static UserWeights Inherit(UserWeights user, LayerSet set)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(set);
        if (user.Entries.All(entry => Stays(entry.LayerId)))
        {
            return user;
        }

        var entries = new List<LayerWeight>(UserWeights.Limit + 3);
        foreach (var entry in user.Entries)
        {
            if (Stays(entry.LayerId))
            {
                Raise(entries, entry.LayerId, entry.LongTerm, entry.ShortTerm);
                continue;
            }

            foreach (var heir in set.Lineage.HeirsOf(entry.LayerId))
            {
                Raise(entries, heir.Live, entry.LongTerm * heir.Share, entry.ShortTerm * heir.Share);
            }
        }

        return new UserWeights(Kept(entries), user.AsOfUnixMs, set.Version);

        bool Stays(uint layerId) => layerId >= set.NextLayerId || set.IndexOf(layerId) >= 0;
    }

    private static List<LayerWeight> Decayed(UserWeights user, long asOf, InterestsOptions options)
    {
        var entries = new List<LayerWeight>(UserWeights.Limit + 3);
        var longLeft = Decay.Factor(asOf - user.AsOfUnixMs, options.LongHalfLife);
        var shortLeft = Decay.Factor(asOf - user.AsOfUnixMs, options.ShortHalfLife);
        foreach (var entry in user.Entries)
        {
            entries.Add(new LayerWeight(entry.LayerId, (float)(entry.LongTerm * longLeft), (float)(entry.ShortTerm * shortLeft)));
        }

        return entries;
    }

    private static void Raise(List<LayerWeight> entries, uint layerId, double longWeight, double shortWeight)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i].LayerId == layerId)
            {
                entries[i] = new LayerWeight(
                    layerId, (float)(entries[i].LongTerm + longWeight), (float)(entries[i].ShortTerm + shortWeight));
                return;
            }
        }

        entries.Add(new LayerWeight(layerId, (float)longWeight, (float)shortWeight));
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
