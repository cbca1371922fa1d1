using Strata.Ranking.Candidates.Requests;

namespace Strata.Ranking.Candidates.Filters;

/// <summary>What the request's own filter does not allow.</summary>
internal sealed class RequestedFilter : IFilter
{
    public string Name => "filtered";

    public void Mark(RankingRequest request, Removals removals)
    {
        if (request.Constraints.Conditions is not { } conditions)
        {
            return;
        }

        foreach (var slot in conditions.Avoided(request.View))
        {
            removals.RemoveLayer(slot);
        }

        removals.RemoveUnless(conditions.In(request.View));
    }
}
