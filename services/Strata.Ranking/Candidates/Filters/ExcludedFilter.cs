using Strata.Ranking.Candidates.Requests;

namespace Strata.Ranking.Candidates.Filters;

/// <summary>What the request names as not wanted.</summary>
internal sealed class ExcludedFilter : IFilter
{
    public string Name => "excluded";

    public void Mark(RankingRequest request, Removals removals)
    {
        foreach (var id in request.Constraints.Exclude ?? [])
        {
            removals.RemoveItem(request.View.IndexOf(id));
        }
    }
}
