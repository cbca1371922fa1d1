using Strata.Ranking.Candidates.Filters;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Candidates.Sources;
using Strata.Ranking.Index.Items;
using Strata.RankingModel;

namespace Strata.Ranking.Candidates;

/// <summary>Gathers a request's candidates: the filters mark, the sources propose, their lists are united.</summary>
internal sealed class CandidateGathering(CandidateOptions options)
{
    // Positions of the largest slate.
    private const int MinimumCount = 100;

    // Candidates of a layer that the user asked for, besides what the sources find.
    private const int WantedPerLayer = 20;

    private readonly bool[] _enabled = [.. SourceSchema.Names.Select(name => options.Sources.Count == 0 || options.Sources.Contains(name))];

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
        foreach (var slot in request.Controls.Wanted)
        {
            AddWanted(request, slot);
        }

        Unite(request);
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

    // A layer that the user asked for may be one where they have nothing yet, so that no source looks there: the most popular items of
    // the week, then any.
    private void AddWanted(RankingRequest request, int slot)
    {
        var most = Math.Min(request.Count + WantedPerLayer, options.Limit / 2);
        foreach (var item in request.View.Popular[HalfLives.Week].Items)
        {
            Add(item);
        }

        for (var item = request.View.Count - 1; item >= 0; item--)
        {
            Add(item);
        }

        void Add(int item)
        {
            if (request.Count < most && request.View.Assignment.SlotOf(item) == slot && request.Allows(item))
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
