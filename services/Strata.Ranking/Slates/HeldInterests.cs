using Strata.Contracts.Events.V1;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.State.V1;
using Strata.Numerics;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Users.Core;

namespace Strata.Ranking.Slates;

/// <summary>
/// What a user holds, whatever they did last: weights on layers halve every 30 days, so one view outweighs ten purchases of a year ago.
/// </summary>
internal static class HeldInterests
{
    private static readonly (EventKind Kind, double Weight)[] Weights =
    [
        (EventKind.Purchase, 5), (EventKind.Cart, 3), (EventKind.Like, 2), (EventKind.Click, 1), (EventKind.View, 0.3),
    ];

    /// <summary>
    /// What each slot, "no layer" last, has of the probabilities for being held: the option times its share of the user's items, each of
    /// which weighs by the most that was done with it, halved with every half-life since it was touched. 0 for no layer, and for one that
    /// the user wants nothing of.
    /// </summary>
    public static double[] Of(RankingRequest request, SlateOptions options)
    {
        var shares = new double[request.View.Layers.Count + 1];
        var total = 0.0;
        foreach (var item in options.OneInterest ? [] : request.User.Profile?.Items ?? [])
        {
            if (!UserHistory.Dismissed(item) && !item.Forgotten && request.View.IndexOf(item.ItemId) is >= 0 and var index)
            {
                var weight = WeightOf(item) * Decay.Factor(request.NowMs - item.LastUnixMs, options.HeldHalfLife);
                shares[request.View.Assignment.SlotOf(index)] += weight;
                total += weight;
            }
        }

        for (var slot = 0; total > 0 && slot < shares.Length; slot++)
        {
            var keeps = slot < request.View.Layers.Count && request.Controls.Of(slot) != LayerAction.Mute;
            shares[slot] *= keeps ? options.HeldShare / total : 0;
        }

        return shares;
    }

    private static double WeightOf(ProfileItem item)
    {
        foreach (var (kind, weight) in Weights)
        {
            if ((item.Kinds & (1u << (int)kind)) != 0)
            {
                return weight;
            }
        }

        return 0;
    }
}
