using Strata.Contracts.Ranking.V1;
using Strata.Ranking.Candidates.Filters;
using Strata.Ranking.Candidates.Requests;
using Strata.RankingModel;

namespace Strata.Ranking.Serving.Core;

/// <summary>Writes down for the caller how a slate came about.</summary>
internal static class RequestTrace
{
    /// <summary>Items told of a source or a filter.</summary>
    public const int Told = 20;

    /// <param name="request">Ranked.</param>
    /// <param name="stages">Its stages so far, with their seconds.</param>
    public static Trace Of(RankingRequest request, IEnumerable<(string Name, double Seconds)> stages)
    {
        var trace = new Trace { Candidates = (uint)request.Count, Proposed = (uint)request.Proposed };
        trace.Stages.AddRange(stages.Select(stage => new Trace.Types.Stage { Name = stage.Name, Seconds = stage.Seconds }));
        for (var source = 0; source < SourceSchema.Count; source++)
        {
            if (request.ListOf(source) is { Count: > 0 } list)
            {
                trace.Sources.Add(Part(SourceSchema.Names[source], list.Count, list.Items, request));
            }
        }

        foreach (var fallen in request.Removals.Fallen(request.View).GroupBy(fallen => fallen.Filter).OrderBy(group => group.Key))
        {
            int[] items = [.. fallen.Select(one => one.Item)];
            trace.Filters.Add(Part(CandidateFilters.All[fallen.Key].Name, items.Length, items, request));
        }

        return trace;
    }

    private static Trace.Types.Part Part(string name, int count, ReadOnlySpan<int> items, RankingRequest request)
    {
        var part = new Trace.Types.Part { Name = name, Items = (uint)count };
        foreach (var item in items[..Math.Min(Told, items.Length)])
        {
            part.ItemIds.Add(request.View.Items.Ids[item]);
        }

        return part;
    }
}
