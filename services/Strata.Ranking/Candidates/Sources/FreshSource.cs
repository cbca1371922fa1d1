using Strata.Ranking.Candidates.Requests;
using Strata.RankingModel;

namespace Strata.Ranking.Candidates.Sources;

/// <summary>The newest items by creation, else by first event.</summary>
internal sealed class FreshSource : ICandidateSource
{
    public int Index => SourceSchema.Fresh;

    public void Propose(RankingRequest request, TopList best)
    {
        // Items announced for later stand first in the list; the others begin at the first birth that is not after the request.
        var (low, high) = (0, request.View.Fresh.Keys.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = request.View.Fresh.Keys[middle] > request.NowMs ? (middle + 1, high) : (low, middle);
        }

        for (var i = low; i < request.View.Fresh.Keys.Length && !best.Full; i++)
        {
            if (request.Allows(request.View.Fresh.Items[i]))
            {
                best.Offer(request.View.Fresh.Items[i], request.View.Fresh.Keys[i]);
            }
        }
    }
}
