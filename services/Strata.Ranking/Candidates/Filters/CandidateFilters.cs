using Strata.Ranking.Candidates.Requests;

namespace Strata.Ranking.Candidates.Filters;

/// <summary>The list of all filters. What several remove counts for the first of them.</summary>
public static class CandidateFilters
{
    /// <summary>How long other sizes and colours of what somebody bought or dismissed stay away.</summary>
    public static readonly TimeSpan VariantPause = TimeSpan.FromDays(30);

    public static IReadOnlyList<IFilter> All { get; } =
    [
        new HadFilter(), new DismissedFilter(), new MutedFilter(), new ExcludedFilter(), new VariantFilter(VariantPause),
        new RequestedFilter(),
    ];

    /// <summary>Marks what the request may not recommend.</summary>
    internal static void Apply(RankingRequest request)
    {
        request.Removals.Clear(All.Count);
        for (var filter = 0; filter < All.Count; filter++)
        {
            request.Removals.Begin(filter);
            All[filter].Mark(request, request.Removals);
        }
    }
}
