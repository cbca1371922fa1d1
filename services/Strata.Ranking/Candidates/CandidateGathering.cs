using Strata.Contracts.Layers.V1;
using Strata.Ranking.Candidates.Filters;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Candidates.Sources;
using Strata.Ranking.Index.Items;
using Strata.RankingModel;

namespace Strata.Ranking.Candidates;

/// <summary>Gathers a request's candidates: the filters mark, the sources propose, their lists are united.</summary>
internal sealed class CandidateGathering(CandidateOptions options, bool oneInterest = false)
{
    // Positions of the largest slate.
    private const int MinimumCount = 100;

    // Candidates of a layer that the user asked for, besides what the sources find.
    private const int WantedPerLayer = 20;

    // Items of a pin that are looked at, the last put.
    private const int MostLookedAt = 5_000;

    private readonly bool[] _enabled =
    [
        .. SourceSchema.Names.Select((name, source) => (options.Sources.Count == 0 || options.Sources.Contains(name))
            && !(oneInterest && source is SourceSchema.TrendingInLayer or SourceSchema.Cohort)),
    ];

    /// <summary>No candidate is left only when nothing that is alive is allowed: a user who has everything gets it again.</summary>
    public void Gather(RankingRequest request)
    {
        GatherAllowed(request);
        if (request.Count == 0 && !request.Constraints.AllowRepeats)
        {
            request.ForceRepeats();
            GatherAllowed(request);
        }
    }

    private void GatherAllowed(RankingRequest request)
    {
        request.ClearCandidates();
        CandidateFilters.Apply(request);
        CandidateSources.Propose(request);
        AddWanted(request);
        AddPinned(request);

        Unite(request);
        request.Proposed = request.Count;
        if (request.Count < MinimumCount)
        {
            AddAny(request);
        }
    }

    // One from each source in turn.
    private void Unite(RankingRequest request)
    {
        for (var rank = 0; rank < options.PerSource && request.Count < options.Limit; rank++)
        {
            for (var source = 0; source < SourceSchema.Count; source++)
            {
                if (_enabled[source] && rank < request.ListOf(source).Count && request.Count < options.Limit)
                {
                    request.TryAdd(request.ListOf(source).Items[rank]);
                }
            }
        }
    }

    // A layer that the user asked for may be one where they have nothing yet, so that no source looks there. Every layer has its share of
    // half the candidates, one at least, and pinned ones come first: as many layers as can be wanted find room.
    private void AddWanted(RankingRequest request)
    {
        var slots = request.Controls.Wanted.OrderBy(slot => request.Controls.Of(slot) == LayerAction.Pin ? 0 : 1).ToArray();
        var share = Math.Clamp(options.Limit / 2 / Math.Max(1, slots.Length), 1, WantedPerLayer);
        foreach (var slot in slots)
        {
            var most = Math.Min(request.Count + share, options.Limit);
            for (var i = 0; request.Count < most && i < request.View.Popular[HalfLives.Week].Items.Length; i++)
            {
                AddOf(request, slot, request.View.Popular[HalfLives.Week].Items[i]);
            }

            for (var item = request.View.Count - 1; request.Count < most && item >= 0; item--)
            {
                AddOf(request, slot, item);
            }
        }
    }

    private static void AddOf(RankingRequest request, int slot, int item)
    {
        if (request.View.Assignment.SlotOf(item) == slot && request.Allows(item))
        {
            request.TryAdd(item);
        }
    }

    // What an operator pins may be what no source proposes: the most popular of the week, as many as there are positions for it and some
    // to choose from. All pins together have a third of the candidates.
    private void AddPinned(RankingRequest request)
    {
        SlateRule[] pins = [.. request.Constraints.Rules?.Where(rule => rule.Action == SlateRuleAction.Pin) ?? []];
        foreach (var pin in pins)
        {
            var share = Math.Clamp(options.Limit / 3 / pins.Length, 1, Math.Max(pin.Places, WantedPerLayer));
            var best = new PriorityQueue<int, double>();
            foreach (var item in pin.ItemsOf(request.View).TakeLast(MostLookedAt))
            {
                if (request.CandidateOf(item) >= 0 || !request.Allows(item))
                {
                    continue;
                }

                best.Enqueue(item, request.View.Items.WeekKeys[item]);
                if (best.Count > share)
                {
                    best.Dequeue();
                }
            }

            foreach (var (item, _) in best.UnorderedItems)
            {
                request.TryAdd(item);
            }
        }
    }

    // The sources found little (a young catalogue without activity or vectors): any alive item is better than an empty position.
    private void AddAny(RankingRequest request)
    {
        for (var item = request.View.Count - 1; item >= 0 && request.Count < Math.Min(MinimumCount, options.Limit); item--)
        {
            if (request.Allows(item))
            {
                request.TryAdd(item);
            }
        }
    }
}
