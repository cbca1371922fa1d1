using Strata.Ranking.Candidates.Requests;
using Strata.RankingModel;

namespace Strata.Ranking.Candidates.Sources;

/// <summary>The items that the user had most often lately, where repeats are allowed.</summary>
internal sealed class RepeatSource : ICandidateSource
{
    public int Index => SourceSchema.Repeat;

    public void Propose(RankingRequest request, TopList best)
    {
        for (var k = 0; request.Constraints.AllowRepeats && k < request.History.Count; k++)
        {
            if (request.History.Items[k] is >= 0 and var item && request.Allows(item))
            {
                best.Offer(item, request.History.OwnCounts[k] + 1e-6);
            }
        }
    }
}
