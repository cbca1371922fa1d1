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
        var bought = new Dictionary<int, int>();
        foreach (var own in request.User.Profile?.Items ?? [])
        {
            var variant = VariantOf(request, own.ItemId);
            if (variant < 0 || request.NowMs - own.LastUnixMs >= pause.TotalMilliseconds)
            {
                continue;
            }

            if (UserHistory.Dismissed(own))
            {
                removals.RemoveVariants(variant);
            }
            else if (Bought(own))
            {
                bought[variant] = bought.GetValueOrDefault(variant) + 1;
            }
        }

        foreach (var id in request.User.Profile?.Dismissed ?? [])
        {
            removals.RemoveVariants(VariantOf(request, id));
        }

        foreach (var (variant, count) in bought)
        {
            // Who bought several of them may want more.
            if (count == 1 && !request.Constraints.AllowRepeats)
            {
                removals.RemoveVariants(variant);
            }
        }
    }

    private static bool Bought(ProfileItem own) => (own.Kinds & (1u << (int)EventKind.Purchase)) != 0;

    private static int VariantOf(RankingRequest request, string id)
        => request.View.IndexOf(id) is >= 0 and var item ? request.View.Items.Variants[item] : -1;
}
