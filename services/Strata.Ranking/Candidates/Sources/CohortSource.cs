using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Index.Items;
using Strata.RankingModel;

namespace Strata.Ranking.Candidates.Sources;

/// <summary>
/// For a user without a history: the items with the largest p_60d · (how much likelier users with the same attributes are to choose from
/// the item's layer). By logarithms, as the lists are.
/// </summary>
internal sealed class CohortSource : ICandidateSource
{
    public int Index => SourceSchema.Cohort;

    public void Propose(RankingRequest request, TopList best)
    {
        if (request.CohortLifts is not { } lifts)
        {
            return;
        }

        var popular = request.View.Popular[HalfLives.TwoMonths];
        for (var i = 0; i < popular.Items.Length; i++)
        {
            var item = popular.Items[i];
            var score = popular.Keys[i] + (lifts[request.View.Assignment.SlotOf(item)] / Math.Log(2));
            if (score > best.Threshold && request.Allows(item))
            {
                best.Offer(item, score);
            }
        }
    }
}
