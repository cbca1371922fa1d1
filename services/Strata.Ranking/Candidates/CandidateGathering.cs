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
        AddPinned(request);
        AddWanted(request);

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
            AddWhere(request, share, item => request.View.Assignment.SlotOf(item) == slot);
        }
    }

    // What an operator pins may be what no source proposes: as many as there are positions for it, and some to choose from.
    private void AddPinned(RankingRequest request)
    {
        foreach (var rule in request.Constraints.Rules ?? [])
        {
            if (rule.Action == SlateRuleAction.Pin)
            {
                AddWhere(request, Math.Max(rule.Places, WantedPerLayer), rule.Items.In(request.View));
            }
        }
    }

    // The most popular of the week, then any.
    private void AddWhere(RankingRequest request, int share, Func<int, bool> holds)
    {
        var most = Math.Min(request.Count + share, options.Limit);
        for (var i = 0; request.Count < most && i < request.View.Popular[HalfLives.Week].Items.Length; i++)
        {
            Add(request.View.Popular[HalfLives.Week].Items[i]);
        }

        for (var item = request.View.Count - 1; request.Count < most && item >= 0; item--)
        {
            Add(item);
        }

        void Add(int item)
        {
            if (holds(item) && request.Allows(item))
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
