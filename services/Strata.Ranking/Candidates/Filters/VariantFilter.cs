using Strata.Contracts.Events.V1;
using Strata.Contracts.State.V1;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Users.Core;

namespace Strata.Ranking.Candidates.Filters;

/// <summary>The other sizes and colours of what the user bought or dismissed lately.</summary>
internal sealed class VariantFilter(TimeSpan pause) : IFilter
{
    public string Name => "variant";

    public void Mark(RankingRequest request, Removals removals)
    {
        foreach (var own in request.User.Profile?.Items ?? [])
        {
            var settled = UserHistory.Dismissed(own) || (!request.Constraints.AllowRepeats && Bought(own));
            if (settled && request.NowMs - own.LastUnixMs < pause.TotalMilliseconds)
            {
                Mark(request, removals, own.ItemId);
            }
        }

        foreach (var id in request.User.Profile?.Dismissed ?? [])
        {
            Mark(request, removals, id);
        }
    }

    private static bool Bought(ProfileItem own) => (own.Kinds & (1u << (int)EventKind.Purchase)) != 0;

    private static void Mark(RankingRequest request, Removals removals, string id)
    {
        if (request.View.IndexOf(id) is >= 0 and var item)
        {
            removals.RemoveVariants(request.View.Items.Variants[item]);
        }
    }
}
