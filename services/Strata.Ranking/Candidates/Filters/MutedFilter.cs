using Strata.Ranking.Candidates.Requests;

namespace Strata.Ranking.Candidates.Filters;

/// <summary>The items of layers that the user muted.</summary>
internal sealed class MutedFilter : IFilter
{
    public string Name => "muted";

    public void Mark(RankingRequest request, Removals removals)
    {
        foreach (var slot in request.Controls.Muted)
        {
            removals.RemoveLayer(slot);
        }
    }
}
