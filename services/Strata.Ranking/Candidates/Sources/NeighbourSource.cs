using Strata.Ranking.Candidates.Affinities;
using Strata.Ranking.Candidates.Requests;

namespace Strata.Ranking.Candidates.Sources;

/// <summary>The items with the largest scores by the user's last items.</summary>
internal sealed class NeighbourSource(int index, Func<NeighbourScores, SparseScores> scoresOf) : ICandidateSource
{
    public int Index => index;

    public void Propose(RankingRequest request, TopList best)
    {
        var scores = scoresOf(request.Neighbours);
        for (var i = 0; i < scores.Count; i++)
        {
            if (scores.ScoreAt(i) > Math.Max(0, best.Threshold) && request.Allows(scores.ItemAt(i)))
            {
                best.Offer(scores.ItemAt(i), scores.ScoreAt(i));
            }
        }
    }
}
