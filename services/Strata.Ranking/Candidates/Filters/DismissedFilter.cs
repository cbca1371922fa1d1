using Strata.Contracts;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Users.Core;

namespace Strata.Ranking.Candidates.Filters;

/// <summary>What the user dismissed: among the items that the profile holds, and those that it only names.</summary>
internal sealed class DismissedFilter : IFilter
{
    public string Name => "dismissed";

    public void Mark(RankingRequest request, Removals removals)
    {
        if (request.User.Profile is not { } profile)
        {
            return;
        }

        foreach (var own in profile.Items)
        {
            if (UserHistory.Dismissed(own))
            {
                removals.RemoveItem(request.View.IndexOf(own.ItemId));
            }
            else if (request.Constraints.AllowRepeats)
            {
                removals.Spare(request.View.IndexOf(own.ItemId));
            }
        }

        foreach (var id in profile.Dismissed)
        {
            removals.RemoveItem(request.View.IndexOf(id));
        }

        removals.RemoveSketched(profile.Sketch, Keys.SketchDismissed, request.NowMs);
    }
}
