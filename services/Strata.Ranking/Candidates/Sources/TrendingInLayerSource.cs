using Strata.Ranking.Candidates.Requests;
using Strata.RankingModel;

namespace Strata.Ranking.Candidates.Sources;

/// <summary>
/// The items with the largest (long + short share of their layer) · p_7d. Compared by logarithms: the order is the same, and no count
/// underflows.
/// </summary>
internal sealed class TrendingInLayerSource : ICandidateSource
{
    public int Index => SourceSchema.TrendingInLayer;

    public void Propose(RankingRequest request, TopList best)
    {
        var (view, slots) = (request.View, request.History.UserSlots);
        if (slots.Count == 0)
        {
            return;
        }

        if (view.Assignment.ItemsBySlot is { } lists)
        {
            foreach (var slot in slots)
            {
                var share = double.Log2(request.LayerShare(slot));
                foreach (var item in lists[slot])
                {
                    Offer(request, item, share + view.Items.WeekKeys[item], best);
                }
            }

            return;
        }

        var highest = 0.0;
        foreach (var slot in slots)
        {
            highest = Math.Max(highest, request.LayerShare(slot));
        }

        // An item can only get in when it would with the user's best layer.
        highest = double.Log2(highest);
        for (var item = 0; item < view.Count; item++)
        {
            if (view.Items.WeekKeys[item] + highest > best.Threshold)
            {
                Offer(request, item, double.Log2(request.LayerShare(view.Assignment.SlotOf(item))) + view.Items.WeekKeys[item], best);
            }
        }
    }

    private static void Offer(RankingRequest request, int item, double score, TopList best)
    {
        if (score > best.Threshold && request.Allows(item))
        {
            best.Offer(item, score);
        }
    }
}
