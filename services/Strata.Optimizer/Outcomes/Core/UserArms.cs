using Strata.Contracts;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;

namespace Strata.Optimizer.Outcomes.Core;

/// <summary>What one user did in the arms that they were in.</summary>
internal static class UserArms
{
    /// <summary>Positions that NDCG looks at.</summary>
    public const int Positions = 20;

    /// <summary>Counts a slate in each of its arms; what changed, arm by arm.</summary>
    public static IEnumerable<ArmChange> Add(UserPolicy counts, ResolvedImpression outcome)
    {
        var changes = new List<ArmChange>();
        foreach (var arm in outcome.Impression.Arms)
        {
            var own = Take(counts, arm);
            var before = own.Clone();
            own.Slates++;
            own.Clicked += outcome.Chosen.Count > 0 ? 1u : 0;
            own.Ndcg += NdcgOf(outcome);
            Put(counts, own);
            changes.Add(new ArmChange(outcome.Impression, before, own.Clone()));
        }

        return changes;
    }

    /// <summary>Adds what another name of the user did.</summary>
    public static void Merge(UserPolicy counts, UserPolicy other)
    {
        foreach (var taken in other.Arms)
        {
            var own = Take(counts, taken.Arm);
            own.Slates += taken.Slates;
            own.Clicked += taken.Clicked;
            own.Ndcg += taken.Ndcg;
            Put(counts, own);
        }
    }

    /// <summary>
    /// NDCG of what was chosen, each item alike: Σ 1/log₂(position + 2) of the chosen among the first 20 positions, over what the same
    /// number of items has in the first ones. 0 where nothing was chosen, or nothing so far in front.
    /// </summary>
    public static double NdcgOf(ResolvedImpression outcome)
    {
        var (gain, best) = (0.0, 0.0);
        for (var i = 0; i < outcome.Chosen.Count; i++)
        {
            var position = outcome.Impression.Shown[outcome.Chosen[i]].Position;
            gain += position < Positions ? 1 / Math.Log2(position + 2) : 0;
            best += i < Positions ? 1 / Math.Log2(i + 2) : 0;
        }

        return best > 0 ? Math.Min(1, gain / best) : 0;
    }

    private static UserArm Take(UserPolicy counts, ExperimentArm arm)
    {
        var own = counts.Arms.FirstOrDefault(known => known.Arm.Equals(arm));
        if (own is null)
        {
            return new UserArm { Arm = arm };
        }

        counts.Arms.Remove(own);
        return own;
    }

    // The arm touched last is last; the one not touched for longest gives way.
    private static void Put(UserPolicy counts, UserArm own)
    {
        counts.Arms.Add(own);
        if (counts.Arms.Count > ExperimentNames.MostArms)
        {
            counts.Arms.RemoveAt(0);
        }
    }
}

/// <summary>What a slate changed in one user's counts of one arm.</summary>
/// <param name="Impression">The slate.</param>
/// <param name="Before">The counts before it.</param>
/// <param name="After">The counts with it.</param>
internal sealed record ArmChange(OpenImpression Impression, UserArm Before, UserArm After);
