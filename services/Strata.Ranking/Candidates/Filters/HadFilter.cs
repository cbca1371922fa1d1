using Strata.Contracts;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Users.Core;

namespace Strata.Ranking.Candidates.Filters;

/// <summary>What the user had already, unless repeats are allowed.</summary>
internal sealed class HadFilter : IFilter
{
    public string Name => "had";

    public void Mark(RankingRequest request, Removals removals)
    {
        if (request.Constraints.AllowRepeats)
        {
            return;
        }

        foreach (var own in request.User.Profile?.Items ?? [])
        {
            if (!UserHistory.Dismissed(own))
            {
                removals.RemoveItem(request.View.IndexOf(own.ItemId));
            }
        }

        removals.RemoveSketched(request.User.Profile?.Sketch, Keys.SketchHad, request.NowMs);
    }
}
