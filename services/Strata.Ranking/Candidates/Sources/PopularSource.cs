using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Index.Core;

namespace Strata.Ranking.Candidates.Sources;

/// <summary>The items with the largest decayed count of events at one half-life.</summary>
internal sealed class PopularSource(int index, int halfLife) : ICandidateSource
{
    public int Index => index;

    public void Propose(RankingRequest request, TopList best) => Offer(request, request.View.Popular[halfLife], best);

    /// <summary>Offers the first allowed items of a list that is in order already.</summary>
    internal static void Offer(RankingRequest request, RankedList list, TopList best)
    {
        for (var i = 0; i < list.Items.Length && !best.Full; i++)
        {
            if (request.Allows(list.Items[i]))
            {
                best.Offer(list.Items[i], list.Keys[i]);
            }
        }
    }
}
