using Strata.Numerics.Scoring;

namespace Strata.Ranking.Candidates;

/// <summary>The items with the largest (long + short share of their layer) · p_7d. Compared by logarithms: the order is the same, and no count underflows.</summary>
internal sealed class TrendingInLayerSource : ICandidateSource
{
    public int Index => SourceSchema.TrendingInLayer;

    public void Propose(CandidateSet request, TopList best)
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
                foreach (var item in lists[slot])
                {
                    Offer(request, item, slot, best);
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
                Offer(request, item, view.Assignment.SlotOf(item), best);
            }
        }
    }

    private static void Offer(CandidateSet request, int item, int slot, TopList best)
    {
        var score = double.Log2(request.LayerShare(slot)) + request.View.Items.WeekKeys[item];
        if (score > best.Threshold && request.Allows(item))
        {
            best.Offer(item, score);
        }
    }
}
